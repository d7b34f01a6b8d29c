//! stub
use crate::session::Session;
/// stub
#[derive(clap::Subcommand, Debug)]
pub enum Trade { /// x
A }
/// stub
pub async fn run(_: &Session, _: Trade) -> anyhow::Result<()> { Ok(()) }
