//! The command `kiln`. Everything it does is in [`kiln::driver`].

fn main() -> std::process::ExitCode {
    kiln::driver::main()
}
