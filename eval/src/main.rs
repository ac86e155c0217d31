//! The program: exit code 0 measured, 1 a figure under its floor, 2 could not be measured.

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match hearsay_eval::run(&words) {
        Ok(report) => {
            eprint!("{}", report.warnings);
            // A reader that stops early (`| head`) is no failure of the measurement.
            let _ = std::io::stdout().write_all(report.text.as_bytes());
            if report.failed { ExitCode::from(1) } else { ExitCode::SUCCESS }
        }
        Err(error) => {
            eprintln!("hearsay-eval: {error}");
            if matches!(error, hearsay_eval::Error::Usage(_)) {
                eprintln!("hint: hearsay-eval --help");
            }
            ExitCode::from(2)
        }
    }
}
