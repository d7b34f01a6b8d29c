//! stub
use crate::session::Session;
/// stub
#[derive(clap::Subcommand, Debug)]
pub enum Model { /// x
A }
/// stub
pub async fn run(_: &Session, _: Model) -> anyhow::Result<()> { Ok(()) }
