//! stub
use crate::session::Session;
/// stub
#[derive(clap::Subcommand, Debug)]
pub enum Vesting { /// x
A }
/// stub
pub async fn run(_: &Session, _: Vesting) -> anyhow::Result<()> { Ok(()) }
