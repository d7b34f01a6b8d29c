//! Why something was refused.

use modelbond_rounds::RoundError;
use modelbond_tests::Failure;
use modelbond_training::ContractError;

/// The round machine's reason.
pub(crate) fn refused<T>(result: Result<T, Failure>) -> RoundError {
    match result.err().expect("refused").training() {
        ContractError::Round(error) => error,
        other => panic!("not refused by the round machine: {other:?}"),
    }
}
