;; A guest that does what the first byte of its input says. For the tests of limits.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (table 4 funcref)
  (type $plain (func))
  (global $calls (mut i32) (i32.const 0))

  ;; 0: vector of input or output; 8: count; 16: input, 1 KiB.
  (func $read (result i32)
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 1024))
    (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (i32.load (i32.const 8)))
  (func $write (param $stream i32) (param $at i32) (param $length i32) (result i32)
    (i32.store (i32.const 0) (local.get $at))
    (i32.store (i32.const 4) (local.get $length))
    (call $fd_write (local.get $stream) (i32.const 0) (i32.const 1) (i32.const 8)))

  (func $recurse (param i32) (result i32)
    (i32.add (i32.const 1) (call $recurse (i32.add (local.get 0) (i32.const 1)))))
  (func $ping (param i32) (result i32) (i32.sub (call $pong (local.get 0)) (i32.const 1)))
  (func $pong (param i32) (result i32) (i32.add (call $ping (local.get 0)) (i32.const 1)))
  (func $down (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (i32.const 1) (call $down (i32.sub (local.get 0) (i32.const 1)))))
      (else (i32.const 0))))

  (func (export "conet_self_test") (result i32) (i32.const 0))

  (func (export "conet_call") (result i32)
    (local $length i32) (local $mood i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (local.set $length (call $read))
    (local.set $mood (i32.load8_u (i32.const 16)))
    ;; e: echo what follows
    (if (i32.eq (local.get $mood) (i32.const 101))
      (then (return (call $write (i32.const 1) (i32.const 17) (i32.sub (local.get $length) (i32.const 1))))))
    ;; l: loop
    (if (i32.eq (local.get $mood) (i32.const 108)) (then (loop $for_ever (br $for_ever))))
    ;; r: recurse; p: two that call each other
    (if (i32.eq (local.get $mood) (i32.const 114)) (then (return (call $recurse (i32.const 0)))))
    (if (i32.eq (local.get $mood) (i32.const 112)) (then (return (call $ping (i32.const 0)))))
    ;; n: recurse 1000 deep and come back
    (if (i32.eq (local.get $mood) (i32.const 110))
      (then (return (i32.sub (call $down (i32.const 1000)) (i32.const 1000)))))
    ;; g: grow until refused, then serve
    (if (i32.eq (local.get $mood) (i32.const 103))
      (then (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
        (i32.store8 (i32.const 17) (memory.size))
        (return (call $write (i32.const 1) (i32.const 17) (i32.const 1)))))
    ;; t: trap; d: divide by zero; c: call nothing; b: out of bounds
    (if (i32.eq (local.get $mood) (i32.const 116)) (then (unreachable)))
    (if (i32.eq (local.get $mood) (i32.const 100)) (then (return (i32.div_u (i32.const 1) (i32.const 0)))))
    (if (i32.eq (local.get $mood) (i32.const 99)) (then (call_indirect (type $plain) (i32.const 1))))
    (if (i32.eq (local.get $mood) (i32.const 98)) (then (return (i32.load (i32.const -4)))))
    ;; o: write for ever; w: write what follows, then trap
    (if (i32.eq (local.get $mood) (i32.const 111))
      (then (loop $flood (drop (call $write (i32.const 1) (i32.const 16) (i32.const 60000))) (br $flood))))
    (if (i32.eq (local.get $mood) (i32.const 119))
      (then (drop (call $write (i32.const 1) (i32.const 17) (i32.sub (local.get $length) (i32.const 1)))) (unreachable)))
    ;; x: exit with zero; y: with three; z: return seven
    (if (i32.eq (local.get $mood) (i32.const 120)) (then (call $exit (i32.const 0))))
    (if (i32.eq (local.get $mood) (i32.const 121)) (then (call $exit (i32.const 3))))
    (if (i32.eq (local.get $mood) (i32.const 122)) (then (return (i32.const 7))))
    ;; v: a vector outside of the memory; i: a vector list near 2^32; h: 2^31 vectors
    (if (i32.eq (local.get $mood) (i32.const 118))
      (then (return (call $write (i32.const 1) (i32.const 65530) (i32.const 100)))))
    (if (i32.eq (local.get $mood) (i32.const 105))
      (then (return (call $fd_write (i32.const 1) (i32.const -8) (i32.const 1) (i32.const 8)))))
    (if (i32.eq (local.get $mood) (i32.const 104))
      (then (return (call $fd_write (i32.const 1) (i32.const 0) (i32.const 0x80000000) (i32.const 8)))))
    ;; f: fill memory for ever
    (if (i32.eq (local.get $mood) (i32.const 102))
      (then (loop $fill (memory.fill (i32.const 1024) (i32.const 7) (i32.const 64000)) (br $fill))))
    ;; k: say how many calls this instance has seen
    (if (i32.eq (local.get $mood) (i32.const 107))
      (then (i32.store8 (i32.const 17) (global.get $calls))
        (return (call $write (i32.const 1) (i32.const 17) (i32.const 1)))))
    ;; s: log what follows a thousand times
    (if (i32.eq (local.get $mood) (i32.const 115))
      (then (local.set $mood (i32.const 1000))
        (loop $log
          (drop (call $write (i32.const 2) (i32.const 17) (i32.sub (local.get $length) (i32.const 1))))
          (local.set $mood (i32.sub (local.get $mood) (i32.const 1)))
          (br_if $log (local.get $mood)))))
    (i32.const 0)))
