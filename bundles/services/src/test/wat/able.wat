;; A guest that uses every function of the host: the first byte of the input chooses, the rest is the argument.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "conet" "caller" (func $caller (param i32) (result i32)))
  (import "conet" "reply_flush" (func $flush (result i32)))
  (import "conet" "kv_get" (func $kv_get (param i32 i32 i32 i32) (result i32)))
  (import "conet" "kv_put" (func $kv_put (param i32 i32 i32 i32) (result i32)))
  (import "conet" "kv_delete" (func $kv_delete (param i32 i32) (result i32)))
  (import "conet" "kv_list" (func $kv_list (param i32 i32) (result i32)))
  (import "conet" "old_get" (func $old_get (param i32 i32 i32 i32) (result i32)))
  (import "conet" "mail_send" (func $mail_send (param i32 i32 i32) (result i32)))
  (import "conet" "http_fetch" (func $http_fetch (param i32 i32 i32 i32) (result i32)))
  (import "conet" "tunnel" (func $tunnel (param i32 i32 i32 i32 i64) (result i32)))
  (memory (export "memory") 3)
  (data (i32.const 8) "count")

  ;; 0: vector; 16: count; 32: scratch; 1024: input, 64 KiB; 70000: answer, 64 KiB.
  (func $write (param $at i32) (param $length i32)
    (i32.store (i32.const 0) (local.get $at))
    (i32.store (i32.const 4) (local.get $length))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16))))
  ;; Writes a result: negative ones as '-' and a digit.
  (func $say (param $code i32) (result i32)
    (if (i32.lt_s (local.get $code) (i32.const 0))
      (then
        (i32.store8 (i32.const 32) (i32.const 45))
        (i32.store8 (i32.const 33) (i32.sub (i32.const 48) (local.get $code)))
        (call $write (i32.const 32) (i32.const 2)))
      (else (call $write (i32.const 70000) (local.get $code))))
    (i32.const 0))

  ;; Carries "count" over from the state before, with "!" behind it.
  (func (export "conet_migrate") (result i32)
    (local $length i32)
    (local.set $length (call $old_get (i32.const 8) (i32.const 5) (i32.const 70000) (i32.const 1000)))
    (if (i32.lt_s (local.get $length) (i32.const 0)) (then (return (i32.const 1))))
    (i32.store8 (i32.add (i32.const 70000) (local.get $length)) (i32.const 33))
    (call $kv_put (i32.const 8) (i32.const 5) (i32.const 70000) (i32.add (local.get $length) (i32.const 1))))

  (func (export "conet_call") (result i32)
    (local $length i32) (local $what i32)
    (i32.store (i32.const 0) (i32.const 1024))
    (i32.store (i32.const 4) (i32.const 65536))
    (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 16)))
    (local.set $length (i32.sub (i32.load (i32.const 16)) (i32.const 1)))
    (local.set $what (i32.load8_u (i32.const 1024)))
    ;; g: value of "count"; p: put it; d: delete it; k: keys
    (if (i32.eq (local.get $what) (i32.const 103))
      (then (return (call $say (call $kv_get (i32.const 8) (i32.const 5) (i32.const 70000) (i32.const 65536))))))
    (if (i32.eq (local.get $what) (i32.const 112))
      (then (return (call $say (call $kv_put (i32.const 8) (i32.const 5) (i32.const 1025) (local.get $length))))))
    (if (i32.eq (local.get $what) (i32.const 100))
      (then (return (call $say (call $kv_delete (i32.const 8) (i32.const 5))))))
    (if (i32.eq (local.get $what) (i32.const 107))
      (then (return (call $say (call $kv_list (i32.const 70000) (i32.const 65536))))))
    ;; w: the caller; t: the time; r: 16 random bytes
    (if (i32.eq (local.get $what) (i32.const 119))
      (then (drop (call $caller (i32.const 70000))) (return (call $say (i32.const 20)))))
    (if (i32.eq (local.get $what) (i32.const 116))
      (then (drop (call $time (i32.const 0) (i64.const 1) (i32.const 70000))) (return (call $say (i32.const 8)))))
    (if (i32.eq (local.get $what) (i32.const 114))
      (then (drop (call $random (i32.const 70000) (i32.const 16))) (return (call $say (i32.const 16)))))
    ;; s: the argument in two parts
    (if (i32.eq (local.get $what) (i32.const 115))
      (then
        (call $write (i32.const 1025) (i32.const 1))
        (drop (call $flush))
        (call $write (i32.const 1026) (i32.sub (local.get $length) (i32.const 1)))
        (return (i32.const 0))))
    ;; m: 20 bytes of a wallet and a text; h: a request; u: tunnel to the host named, port 443
    (if (i32.eq (local.get $what) (i32.const 109))
      (then (return (call $say
        (call $mail_send (i32.const 1025) (i32.const 1045) (i32.sub (local.get $length) (i32.const 20)))))))
    (if (i32.eq (local.get $what) (i32.const 104))
      (then (return (call $say
        (call $http_fetch (i32.const 1025) (local.get $length) (i32.const 70000) (i32.const 65536))))))
    (if (i32.eq (local.get $what) (i32.const 117))
      (then (return (call $say
        (call $tunnel (i32.const 1025) (local.get $length) (i32.const 443) (i32.const 60) (i64.const 1000000))))))
    (i32.const 1)))
