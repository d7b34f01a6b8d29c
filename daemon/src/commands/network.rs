//! stub
use crate::session::Session;
/// stub
#[derive(clap::Subcommand, Debug)]
pub enum NetworkCommand { /// x
A }
/// stub
pub async fn run(_: &Session, _: NetworkCommand) -> anyhow::Result<()> { Ok(()) }
