//! stub
use crate::session::Session;
/// stub
#[derive(clap::Subcommand, Debug)]
pub enum Devnet { /// x
A }
/// stub
pub async fn run(_: &Session, _: Devnet) -> anyhow::Result<()> { Ok(()) }
