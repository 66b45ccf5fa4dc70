;; Does something in _initialize, by the letter that tests write over the first question mark, and something in
;; conet_call, by the second.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  ;; 6 and 14: the letters; 16: a vector of 4 bytes at 64; 24: one more; 40: a count
  (data (i32.const 0) "first:?second:?")
  (data (i32.const 16) "\40\00\00\00\04\00\00\00")
  (func $is (param $at i32) (param $letter i32) (result i32)
    (i32.eq (i32.load8_u (local.get $at)) (local.get $letter)))
  (func (export "_initialize")
    ;; r: read; w: write; t: trap; l: loop; x: exit with zero
    (if (call $is (i32.const 6) (i32.const 114))
      (then (drop (call $fd_read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 40)))))
    (if (call $is (i32.const 6) (i32.const 119))
      (then (drop (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 40)))))
    (if (call $is (i32.const 6) (i32.const 116)) (then (unreachable)))
    (if (call $is (i32.const 6) (i32.const 108)) (then (loop $for_ever (br $for_ever))))
    (if (call $is (i32.const 6) (i32.const 120)) (then (call $exit (i32.const 0)))))
  (func (export "conet_call") (result i32)
    ;; g: grow to 64 MiB, then trap; f: write all memory to the log; o: overlapping vectors and count
    (if (call $is (i32.const 14) (i32.const 103))
      (then (drop (memory.grow (i32.const 1023))) (unreachable)))
    (if (call $is (i32.const 14) (i32.const 102))
      (then (drop (memory.grow (i32.const 1023)))
        (i32.store (i32.const 24) (i32.const 0))
        (i32.store (i32.const 28) (i32.const 0x4000000))
        (return (call $fd_write (i32.const 2) (i32.const 24) (i32.const 1) (i32.const 40)))))
    (if (call $is (i32.const 14) (i32.const 111))
      (then
        ;; Reads four bytes over the vector itself, and has the count written there too; then answers with both.
        (i32.store (i32.const 16) (i32.const 16))
        (drop (call $fd_read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 20)))
        (i32.store (i32.const 48) (i32.const 16))
        (i32.store (i32.const 52) (i32.const 8))
        (return (call $fd_write (i32.const 1) (i32.const 48) (i32.const 1) (i32.const 40)))))
    (i32.store (i32.const 20) (i32.const 4))
    ;; else: how much there is to read, up to four bytes
    (if (call $fd_read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 40)) (then (return (i32.const 1))))
    (i32.store8 (i32.const 64) (i32.add (i32.load8_u (i32.const 40)) (i32.const 48)))
    (i32.store (i32.const 20) (i32.const 1))
    (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 40))))
