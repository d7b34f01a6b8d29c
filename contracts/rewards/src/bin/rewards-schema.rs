//! Writes the rewards contract's JSON schema, which is the API reference, to `schema/rewards.json` under the
//! working directory.

use cosmwasm_schema::generate_api;
use modelbond_interface::rewards::{ExecuteMsg, InstantiateMsg, QueryMsg};

fn main() -> std::io::Result<()> {
    let api = generate_api! {
        name: "rewards",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
    };
    let mut json = api.render().to_string().map_err(std::io::Error::other)?;
    json.push('\n');
    std::fs::create_dir_all("schema")?;
    std::fs::write("schema/rewards.json", json)
}
