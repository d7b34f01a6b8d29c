//! Use cases of models: Table 2 of the paper, as data. A slug is a promise: it is never renamed, and
//! rows are only ever appended, because contracts store their numbers.

use std::fmt;
use std::str::FromStr;

use cosmwasm_schema::cw_serde;
use cosmwasm_schema::schemars::gen::SchemaGenerator;
use cosmwasm_schema::schemars::schema::Schema;
use cosmwasm_schema::schemars::JsonSchema;
use cosmwasm_schema::serde::{de::Error, Deserialize, Deserializer, Serialize, Serializer};

/// A column of the table.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Category {
    /// Lifestyle.
    Lifestyle,
    /// Enterprise.
    Enterprise,
    /// Prediction.
    Prediction,
    /// Technical.
    Technical,
    /// Generation.
    Generation,
    /// Classification.
    Classification,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Its column.
    pub category: Category,
    /// As the paper writes it.
    pub name: &'static str,
    /// Its name in messages.
    pub slug: &'static str,
    /// Starred in the paper.
    pub featured: bool,
}

const fn row(category: Category, name: &'static str, slug: &'static str, featured: bool) -> Row {
    Row { category, name, slug, featured }
}

/// The table, by category. The number of a use case is its place here.
#[rustfmt::skip]
pub const USE_CASES: [Row; 54] = [
    row(Category::Lifestyle, "AI Voice Agent", "ai-voice-agent", true),
    row(Category::Lifestyle, "Weather Forecasting", "weather-forecasting", false),
    row(Category::Lifestyle, "Crop Water & Nutrient Forecasting", "crop-water-nutrient-forecasting", false),
    row(Category::Lifestyle, "Energy Grid Demand (Pricing)", "energy-grid-demand-pricing", true),
    row(Category::Lifestyle, "Credit Scoring", "credit-scoring", true),
    row(Category::Lifestyle, "Humanoid Robotics", "humanoid-robotics", false),
    row(Category::Lifestyle, "Disease Outbreak Prediction", "disease-outbreak-prediction", false),
    row(Category::Lifestyle, "Gaming NPC Bots", "gaming-npc-bots", false),
    row(Category::Lifestyle, "Smart Home Automation", "smart-home-automation", false),
    row(Category::Enterprise, "Customer Service Calls Speech Synthesis", "customer-service-calls-speech-synthesis", true),
    row(Category::Enterprise, "Banking Fraud Time Series", "banking-fraud-time-series", false),
    row(Category::Enterprise, "Manufacturing Robotics", "manufacturing-robotics", true),
    row(Category::Enterprise, "WWW Scraping Actions", "www-scraping-actions", false),
    row(Category::Enterprise, "Scheduling", "scheduling", false),
    row(Category::Enterprise, "Process Automation", "process-automation", false),
    row(Category::Enterprise, "Supply Chain Optimization", "supply-chain-optimization", false),
    row(Category::Enterprise, "Resource Allocation", "resource-allocation", false),
    row(Category::Enterprise, "Quality Control Systems", "quality-control-systems", false),
    row(Category::Prediction, "Stock Prediction", "stock-prediction", true),
    row(Category::Prediction, "Sales Prediction", "sales-prediction", false),
    row(Category::Prediction, "Social Media Recommendation", "social-media-recommendation", true),
    row(Category::Prediction, "Media Recommendation", "media-recommendation", false),
    row(Category::Prediction, "Housing Prediction", "housing-prediction", true),
    row(Category::Prediction, "Market Trend Analysis", "market-trend-analysis", false),
    row(Category::Prediction, "Traffic Flow Prediction", "traffic-flow-prediction", false),
    row(Category::Prediction, "User Behavior Prediction", "user-behavior-prediction", false),
    row(Category::Prediction, "Cryptocurrency Trends", "cryptocurrency-trends", true),
    row(Category::Technical, "Quantum Error Correction", "quantum-error-correction", false),
    row(Category::Technical, "Reinforcement Learning Feature Engineering", "reinforcement-learning-feature-engineering", false),
    row(Category::Technical, "Microservice Logs Fault Prediction", "microservice-logs-fault-prediction", false),
    row(Category::Technical, "Direct Preference Optimization Models", "direct-preference-optimization-models", true),
    row(Category::Technical, "Quantum Circuit Optimization", "quantum-circuit-optimization", false),
    row(Category::Technical, "Neural Architecture Search", "neural-architecture-search", false),
    row(Category::Technical, "P2P Randomization Segmentation", "p2p-randomization-segmentation", true),
    row(Category::Technical, "Distributed Training Systems", "distributed-training-systems", false),
    row(Category::Technical, "Edge Computing Optimization", "edge-computing-optimization", false),
    row(Category::Generation, "LLM Generalized Intelligence", "llm-generalized-intelligence", false),
    row(Category::Generation, "LLM Twin", "llm-twin", true),
    row(Category::Generation, "Neural Style Transfer", "neural-style-transfer", false),
    row(Category::Generation, "Music Generation", "music-generation", false),
    row(Category::Generation, "Chemistry Production", "chemistry-production", true),
    row(Category::Generation, "Product Generation", "product-generation", false),
    row(Category::Generation, "Image Generation", "image-generation", true),
    row(Category::Generation, "Video Generation", "video-generation", true),
    row(Category::Generation, "Text-to-3D Generation", "text-to-3d-generation", true),
    row(Category::Classification, "Chatbot Classification of Intent", "chatbot-classification-of-intent", false),
    row(Category::Classification, "Photo Classification", "photo-classification", false),
    row(Category::Classification, "Video Classification Security", "video-classification-security", false),
    row(Category::Classification, "Biometric Classification", "biometric-classification", false),
    row(Category::Classification, "Network Traffic Classification", "network-traffic-classification", false),
    row(Category::Classification, "Health Records Diagnosis", "health-records-diagnosis", false),
    row(Category::Classification, "Document Classification", "document-classification", false),
    row(Category::Classification, "Audio Classification", "audio-classification", false),
    row(Category::Classification, "Sentiment Analysis", "sentiment-analysis", false),
];

/// A use case; in JSON its slug. Any other text is refused when it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UseCase(u8);

/// Not a slug of the table.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
#[error("no use case is called {0:?}: the registry's use_cases lists all 54")]
pub struct NotAUseCase(String);

impl UseCase {
    /// All of them, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).map_while(Self::of_number)
    }

    /// The n-th, from 0.
    #[must_use]
    pub fn of_number(number: u8) -> Option<Self> {
        USE_CASES.get(usize::from(number)).map(|_| Self(number))
    }

    /// Its place in the table, from 0.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }

    /// Its row.
    #[must_use]
    pub fn row(self) -> Row {
        let first = row(Category::Lifestyle, "", "", false);
        // There is no other way to make one than by a row's number.
        USE_CASES.get(usize::from(self.0)).copied().unwrap_or(first)
    }
}

impl FromStr for UseCase {
    type Err = NotAUseCase;

    fn from_str(slug: &str) -> Result<Self, NotAUseCase> {
        let found = Self::all().find(|use_case| use_case.row().slug == slug);
        found.ok_or_else(|| NotAUseCase(slug.chars().take(80).collect()))
    }
}

impl fmt::Display for UseCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().slug)
    }
}

impl Serialize for UseCase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.row().slug)
    }
}

impl<'de> Deserialize<'de> for UseCase {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for UseCase {
    fn schema_name() -> String {
        "UseCase".to_owned()
    }

    fn json_schema(gen: &mut SchemaGenerator) -> Schema {
        let mut schema = String::json_schema(gen).into_object();
        schema.enum_values = Some(USE_CASES.iter().map(|row| row.slug.into()).collect());
        schema.into()
    }
}
