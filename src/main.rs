use std::process::ExitCode;

/// Gives memory back to the system soon after a large render, and is faster than the system's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cordboard::cli::run()
}
