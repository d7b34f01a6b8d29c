//! Events of training.

use crate::event::typed_events;

typed_events! {
    /// A run was opened.
    RunOpened = "run_opened" {
        /// The run.
        run_id: u64,
        /// The model.
        model: String,
        /// Its owner.
        owner: String,
        /// The model to begin with, in hexadecimal.
        base_hash: String,
    }

    /// A run's budget or bond grew.
    RunFunded = "run_funded" {
        /// The run.
        run_id: u64,
        /// Who paid.
        by: String,
        /// `budget` or `bond`.
        into: String,
        /// Tokens.
        amount: u128,
        /// What is in it from now on.
        total: u128,
    }

    /// A run's algorithm was replaced.
    RunAlgorithmSet = "run_algorithm_set" {
        /// The run.
        run_id: u64,
        /// The new one, in hexadecimal.
        algorithm_hash: String,
    }

    /// A run was closed.
    RunClosed = "run_closed" {
        /// The run.
        run_id: u64,
        /// Tokens that its owner got back.
        amount: u128,
    }

    /// A round moved on.
    RoundAdvanced = "round_advanced" {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// The phase that it is in, in snake case.
        phase: String,
        /// Who sent the message.
        by: String,
        /// When the phase may end, in nanoseconds since 1970; 0 where it waits for something else.
        ends_at: u64,
        /// The beacon round that it waits for; 0 if none.
        beacon_round: u64,
    }

    /// Somebody is among the three best.
    RoundLeaderProved = "round_leader_proved" {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// The node.
        node_id: u64,
        /// Its place in the queue, from 0.
        place: u8,
        /// The ticket.
        ticket: u128,
    }

    /// A seat was drawn.
    RoundSeatDrawn = "round_seat_drawn" {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// Number of the stage, from 0.
        stage: u8,
        /// The group.
        group: u8,
        /// The slot.
        slot: u8,
        /// The node.
        node_id: u64,
    }

    /// A seat committed.
    RoundCommitted = "round_committed" {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// Number of the stage, from 0.
        stage: u8,
        /// The group.
        group: u8,
        /// The slot.
        slot: u8,
        /// The node.
        node_id: u64,
    }

    /// A seat showed its answer.
    RoundRevealed = "round_revealed" {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// Number of the stage, from 0.
        stage: u8,
        /// The group.
        group: u8,
        /// The slot.
        slot: u8,
        /// The node.
        node_id: u64,
        /// D("work", …), in hexadecimal.
        work: String,
    }

    /// A group was challenged.
    RoundChallenged = "round_challenged" {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// The group.
        group: u8,
        /// Who challenged.
        by: String,
    }

    /// A group has its verdict.
    RoundJudged = "round_judged" {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// The group.
        group: u8,
        /// `accepted`, `rejected`, `void` or `unavailable`.
        verdict: String,
        /// Its quality.
        quality: u64,
    }

    /// Two builds disagreed.
    RoundHeld = "round_held" {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// Seats that would have been convicted.
        losers: u32,
        /// Until when no round opens, in nanoseconds since 1970.
        until: u64,
        /// What the hold cost the run.
        fee: u128,
    }

    /// A leader posted a new model.
    RoundPosted = "round_posted" {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// Which leader's turn it was, from 0.
        attempt: u8,
        /// The model, in hexadecimal.
        result_hash: String,
    }

    /// A round is final.
    RoundSettled = "round_settled" {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// The model from now on, in hexadecimal.
        base_hash: String,
        /// Whether it is a new one.
        confirmed: bool,
        /// Whether metrics went to the market.
        metrics: bool,
        /// Whether the round was held.
        held: bool,
        /// What it owes.
        owed: u128,
        /// P_model, in millionths.
        score: u64,
    }

    /// The market refused the metrics.
    RoundMetricsRefused = "round_metrics_refused" {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
    }

    /// Stakes were slashed.
    RoundSlashed = "round_slashed" {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// Number of the stage, from 0.
        stage: u8,
        /// The group.
        group: u8,
        /// Tokens in all.
        amount: u128,
        /// For the jury.
        jury: u128,
        /// For the challenger.
        challenger: u128,
        /// To be burned.
        burned: u128,
    }

    /// Something was claimed.
    RoundClaimed = "round_claimed" {
        /// The run.
        run_id: u64,
        /// The round.
        round_id: u64,
        /// Who got it.
        recipient: String,
        /// `contribution`, `seat`, `lead`, `advances` or `challenge`.
        due: String,
        /// Tokens.
        amount: u128,
    }

    /// Tokens were burned.
    RunBurned = "run_burned" {
        /// The run.
        run_id: u64,
        /// Tokens.
        amount: u128,
    }

    /// Somebody paid for using the model.
    UsageCredited = "usage_credited" {
        /// The run.
        run_id: u64,
        /// Who.
        user: String,
        /// What of it cannot return to the payer.
        amount: u128,
        /// The epoch.
        epoch: u64,
    }

    /// A user said something.
    FeedbackSubmitted = "feedback_submitted" {
        /// The run.
        run_id: u64,
        /// Who.
        user: String,
        /// 0 to 10.
        score: u8,
        /// What it counts.
        weight: u128,
        /// The epoch.
        epoch: u64,
    }
}
