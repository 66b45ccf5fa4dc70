//! The smallest service: it answers with what it is told. Input is standard input, the reply is standard output.
use std::io::{self, Read, Write};

fn answer() -> io::Result<()> {
    let mut input = Vec::new();
    io::stdin().read_to_end(&mut input)?;
    io::stdout().write_all(&input)?;
    io::stdout().flush()
}

#[no_mangle]
pub extern "C" fn conet_call() -> i32 {
    match answer() {
        Ok(()) => 0,
        Err(_) => 1,
    }
}
