//! `modelbond token marketing`: project, description and logo.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, Subcommand};
use cosmwasm_std::Binary;
use cw20::{DownloadLogoResponse, EmbeddedLogo, Logo, LogoInfo, MarketingInfoResponse};
use modelbond_interface::market::{ExecuteMsg, QueryMsg};

use super::{read, resolve, tell};
use crate::commands::model::Answer;
use crate::failure::Failure;
use crate::market::Market;
use crate::output::Page;
use crate::session::Session;

/// Show and change the marketing record
#[derive(Subcommand, Debug)]
pub enum MarketingCommand {
    /// Show the record
    Show {
        /// Symbol or address
        market: String,
    },
    /// Change the record; only its marketing address
    Update {
        /// Symbol or address
        market: String,
        /// Project URL; empty clears it
        #[arg(long, value_name = "URL")]
        project: Option<String>,
        /// Description; empty clears it
        #[arg(long)]
        description: Option<String>,
        /// Who may change the record; empty means nobody ever again
        #[arg(long, value_name = "ACCOUNT")]
        marketing: Option<String>,
    },
    /// Change the logo; only the marketing address
    Logo {
        /// Symbol or address
        market: String,
        /// The logo
        #[command(flatten)]
        source: LogoSource,
    },
    /// Write an uploaded logo to a file
    DownloadLogo {
        /// Symbol or address
        market: String,
        /// The file, which must not exist
        file: PathBuf,
    },
}

/// Where a logo comes from.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub struct LogoSource {
    /// A link
    #[arg(long)]
    url: Option<String>,
    /// A .png or .svg file of at most 5 KB
    #[arg(long)]
    file: Option<PathBuf>,
}

/// Runs the command.
pub(super) async fn run(session: &Session, command: MarketingCommand) -> Result<()> {
    match command {
        MarketingCommand::Show { market } => {
            let market = Market::find(session, &market).await?;
            let answer: MarketingInfoResponse = market.ask(&QueryMsg::MarketingInfo {}).await?;
            let logo = match &answer.logo {
                Some(LogoInfo::Url(url)) => url.clone(),
                Some(LogoInfo::Embedded) => "uploaded".to_owned(),
                None => "-".to_owned(),
            };
            let marketing = answer.marketing.as_ref().map_or("nobody", |address| address.as_str());
            let page = Page::new(format!("Marketing record of {}", market.name.symbol))
                .field("project", answer.project.as_deref().unwrap_or("-"))
                .field("description", answer.description.as_deref().unwrap_or("-"))
                .field("logo", logo)
                .field("may change it", marketing);
            session.output.print(&Answer { market: market.name.clone(), answer, page })
        }
        MarketingCommand::Update { market, project, description, marketing } => {
            if project.is_none() && description.is_none() && marketing.is_none() {
                return Err(Failure::usage("nothing to change")
                    .hint("give --project, --description or --marketing")
                    .into());
            }
            let market = Market::find(session, &market).await?;
            let marketing = match marketing {
                Some(account) if !account.is_empty() => Some(resolve(session, &market, &account)?),
                other => other,
            };
            let message = ExecuteMsg::UpdateMarketing { project, description, marketing };
            let heading = format!("Marketing record of {} changed", market.name.symbol);
            tell(session, &market, message, heading).await
        }
        MarketingCommand::Logo { market, source } => {
            let logo = match (source.url, source.file) {
                (Some(url), _) => Logo::Url(url),
                (None, Some(file)) => Logo::Embedded(embedded(&file)?),
                (None, None) => return Err(Failure::usage("give --url or --file").into()),
            };
            let market = Market::find(session, &market).await?;
            let heading = format!("Logo of {} changed", market.name.symbol);
            tell(session, &market, ExecuteMsg::UploadLogo(logo), heading).await
        }
        MarketingCommand::DownloadLogo { market, file } => {
            let market = Market::find(session, &market).await?;
            let answer: DownloadLogoResponse = market.ask(&QueryMsg::DownloadLogo {}).await?;
            write_new(&file, &answer.data)?;
            let page = Page::new(format!("Logo of {}", market.name.symbol))
                .field("file", file.display())
                .field("type", &answer.mime_type);
            session.output.print(&Answer { market: market.name.clone(), answer, page })
        }
    }
}

fn embedded(file: &Path) -> Result<EmbeddedLogo> {
    let data = Binary::from(read(file)?);
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("png") => Ok(EmbeddedLogo::Png(data)),
        Some("svg") => Ok(EmbeddedLogo::Svg(data)),
        _ => Err(Failure::usage(format!("{} is neither .png nor .svg", file.display()))
            .hint("convert it, or give --url")
            .into()),
    }
}

fn write_new(file: &Path, data: &[u8]) -> Result<()> {
    use std::io::Write;
    let mut target = std::fs::File::create_new(file).map_err(|error| {
        Failure::new(format!("cannot write {}: {error}", file.display())).hint("name a new file")
    })?;
    target
        .write_all(data)
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", file.display())).into())
}
