//! stub
use crate::session::Session;
/// stub
#[derive(clap::Subcommand, Debug)]
pub enum Token { /// x
A }
/// stub
pub async fn run(_: &Session, _: Token) -> anyhow::Result<()> { Ok(()) }
