;; Answers with its name, which tests write into the module; with a name that begins with "T" it traps, and its self-test
;; fails when the name begins with "S".
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\10\00\00\00\08\00\00\00")
  (data (i32.const 16) "version?")
  (func (export "conet_self_test") (result i32) (i32.eq (i32.load8_u (i32.const 16)) (i32.const 83)))
  (func (export "conet_call") (result i32)
    (if (i32.eq (i32.load8_u (i32.const 16)) (i32.const 84)) (then (unreachable)))
    (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
