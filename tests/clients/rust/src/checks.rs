//! The verdicts of a run: counts what is right, ends the program at the first wrong answer.
use std::sync::atomic::{AtomicUsize, Ordering};

static RIGHT: AtomicUsize = AtomicUsize::new(0);

pub fn right() -> usize {
    RIGHT.load(Ordering::Relaxed)
}

pub fn check(condition: bool, what: impl FnOnce() -> String) {
    if !condition {
        println!("WRONG: {}", what());
        std::process::exit(1);
    }
    RIGHT.fetch_add(1, Ordering::Relaxed);
}

pub fn equal<T: PartialEq + std::fmt::Debug>(found: T, wanted: T, what: &str) {
    check(found == wanted, || format!("{what}: found {found:?}, wanted {wanted:?}"));
}

/// The answer of a call that must succeed.
pub fn got<T, E: std::fmt::Debug>(answer: Result<T, E>) -> T {
    match answer {
        Ok(value) => value,
        Err(error) => {
            println!("WRONG: a call failed: {error:?}");
            std::process::exit(1)
        }
    }
}

/// The call must have ended with this error type.
pub fn refused<T, E: std::fmt::Debug + aws_sdk_kinesis::error::ProvideErrorMetadata>(answer: Result<T, E>, code: &str, what: &str) {
    match answer {
        Ok(_) => check(false, || format!("{what} was not refused with {code}")),
        Err(error) => check(error.code() == Some(code), || format!("{what}: wanted {code}, found {error:?}")),
    }
}

pub fn shard_id(number: usize) -> String {
    format!("shardId-{number:012}")
}

/// Asks again and again, for 20 s, until the expression is true.
macro_rules! until {
    ($what:expr, $done:expr) => {{
        let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while !$done {
            crate::checks::check(std::time::Instant::now() < end, || format!("{} within 20 s", $what));
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }};
}
