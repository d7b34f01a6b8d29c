//! stub
use crate::session::Session;
/// stub
#[derive(clap::Args, Debug)]
pub struct Deploy {}
/// stub
pub async fn run(_: &Session, _: Deploy) -> anyhow::Result<()> { Ok(()) }
