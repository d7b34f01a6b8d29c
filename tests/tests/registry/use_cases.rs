//! The table of use cases, as the paper prints it, and models that have them.

use std::collections::BTreeSet;

use modelbond_interface::registry::{
    Category, ModelFilter, QueryMsg, UseCase, UseCasesResponse, USE_CASES,
};
use modelbond_tests::Registry;
use rstest::rstest;

/// Table 2: the paper's columns in rows, starred as there; words that the paper breaks are whole.
const TABLE: [(Category, [&str; 9]); 6] = [
    (
        Category::Lifestyle,
        [
            "AI Voice Agent*",
            "Weather Forecasting",
            "Crop Water & Nutrient Forecasting",
            "Energy Grid Demand (Pricing)*",
            "Credit Scoring*",
            "Humanoid Robotics",
            "Disease Outbreak Prediction",
            "Gaming NPC Bots",
            "Smart Home Automation",
        ],
    ),
    (
        Category::Enterprise,
        [
            "Customer Service Calls Speech Synthesis*",
            "Banking Fraud Time Series",
            "Manufacturing Robotics*",
            "WWW Scraping Actions",
            "Scheduling",
            "Process Automation",
            "Supply Chain Optimization",
            "Resource Allocation",
            "Quality Control Systems",
        ],
    ),
    (
        Category::Prediction,
        [
            "Stock Prediction*",
            "Sales Prediction",
            "Social Media Recommendation*",
            "Media Recommendation",
            "Housing Prediction*",
            "Market Trend Analysis",
            "Traffic Flow Prediction",
            "User Behavior Prediction",
            "Cryptocurrency Trends*",
        ],
    ),
    (
        Category::Technical,
        [
            "Quantum Error Correction",
            "Reinforcement Learning Feature Engineering",
            "Microservice Logs Fault Prediction",
            "Direct Preference Optimization Models*",
            "Quantum Circuit Optimization",
            "Neural Architecture Search",
            "P2P Randomization Segmentation*",
            "Distributed Training Systems",
            "Edge Computing Optimization",
        ],
    ),
    (
        Category::Generation,
        [
            "LLM Generalized Intelligence",
            "LLM Twin*",
            "Neural Style Transfer",
            "Music Generation",
            "Chemistry Production*",
            "Product Generation",
            "Image Generation*",
            "Video Generation*",
            "Text-to-3D Generation*",
        ],
    ),
    (
        Category::Classification,
        [
            "Chatbot Classification of Intent",
            "Photo Classification",
            "Video Classification Security",
            "Biometric Classification",
            "Network Traffic Classification",
            "Health Records Diagnosis",
            "Document Classification",
            "Audio Classification",
            "Sentiment Analysis",
        ],
    ),
];

fn use_case(slug: &str) -> UseCase {
    slug.parse().unwrap()
}

/// Numbers of all models of a filter.
fn models(registry: &Registry, filter: ModelFilter) -> Vec<u32> {
    registry.models(Some(filter), None, Some(30))
}

#[test]
fn the_table_is_that_of_the_paper() {
    let registry = Registry::on_mock();
    let printed = TABLE.iter().flat_map(|(category, names)| names.map(|name| (*category, name)));
    let rows = registry.use_cases();
    assert_eq!((rows.len(), USE_CASES.len()), (54, 54));
    for (row, (category, printed)) in rows.iter().zip(printed) {
        let name = printed.trim_end_matches('*');
        assert_eq!((row.category, row.name.as_str()), (category, name));
        assert_eq!(row.featured, printed.ends_with('*'), "{name}");
        assert_eq!(row.models, 0);
    }
    assert_eq!(rows.iter().filter(|row| row.featured).count(), 16);
}

#[test]
fn slugs_are_unique_and_made_of_the_names() {
    let slugs: BTreeSet<&str> = USE_CASES.iter().map(|row| row.slug).collect();
    assert_eq!(slugs.len(), 54);
    for row in USE_CASES {
        let kept = |c: char| c.is_ascii_alphanumeric() || c == ' ' || c == '-';
        let words: String = row.name.to_lowercase().chars().filter(|c| kept(*c)).collect();
        assert_eq!(row.slug, words.split_whitespace().collect::<Vec<_>>().join("-"));
    }
}

#[rstest]
fn a_category_is_asked_for_alone(#[values(0, 1, 2, 3, 4, 5)] place: usize) {
    let registry = Registry::on_mock();
    let (category, names) = TABLE[place];
    let msg = QueryMsg::UseCases { category: Some(category) };
    let rows = registry.query::<UseCasesResponse>(&msg).use_cases;
    let found: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(found, names.map(|name| name.trim_end_matches('*')));
    assert!(rows.iter().all(|row| row.category == category));
}

#[test]
fn every_use_case_is_named_by_its_slug_and_nothing_else_is_one() {
    for (number, row) in USE_CASES.iter().enumerate() {
        let use_case = use_case(row.slug);
        assert_eq!(usize::from(use_case.number()), number);
        let json = serde_json::to_string(&use_case).unwrap();
        assert_eq!(json, format!("\"{}\"", row.slug));
        assert_eq!(serde_json::from_str::<UseCase>(&json).unwrap(), use_case);
    }
    for wrong in ["\"\"", "\"AI Voice Agent\"", "\"ai-voice-agent \"", "\"ai_voice_agent\"", "0"] {
        assert!(serde_json::from_str::<UseCase>(wrong).is_err(), "{wrong}");
    }
    assert_eq!(UseCase::of_number(54), None);
}

#[test]
fn models_are_found_by_use_case_and_by_category_once_each() {
    let mut registry = Registry::on_mock();
    let named: [&[&str]; 5] = [
        &["llm-twin"],
        &["image-generation", "llm-twin", "video-generation"],
        &["scheduling"],
        &["scheduling", "music-generation"],
        &["photo-classification"],
    ];
    for (place, slugs) in named.iter().enumerate() {
        let use_cases = slugs.iter().map(|slug| use_case(slug)).collect();
        let symbol = format!("MODEL{place}");
        registry.try_open("alice", &symbol, |msg| msg.use_cases = use_cases).unwrap();
    }
    let by = |slug| models(&registry, ModelFilter::UseCase(use_case(slug)));
    assert_eq!(by("llm-twin"), [1, 2]);
    assert_eq!(by("video-generation"), [2]);
    assert_eq!(by("scheduling"), [3, 4]);
    assert_eq!(by("credit-scoring"), [0u32; 0]);
    let by = |category| models(&registry, ModelFilter::Category(category));
    assert_eq!(by(Category::Generation), [1, 2, 4]);
    assert_eq!(by(Category::Enterprise), [3, 4]);
    assert_eq!(by(Category::Classification), [5]);
    assert_eq!(by(Category::Lifestyle), [0u32; 0]);
    let counted: Vec<_> = registry
        .use_cases()
        .iter()
        .filter(|row| row.models > 0)
        .map(|row| (row.use_case.row().slug, row.models))
        .collect();
    let expected = [
        ("scheduling", 2),
        ("llm-twin", 2),
        ("music-generation", 1),
        ("image-generation", 1),
        ("video-generation", 1),
        ("photo-classification", 1),
    ];
    assert_eq!(counted, expected);
}

#[test]
fn pages_of_a_category_are_in_order_and_miss_nothing() {
    let mut registry = Registry::on_mock();
    let generation: Vec<UseCase> =
        UseCase::all().filter(|one| one.row().category == Category::Generation).collect();
    // The later the model, the earlier its use cases, so that no use case alone is in order.
    for place in 0..36usize {
        let use_cases = (0..=place % 4).map(|n| generation[(80 - place + 2 * n) % 9]).collect();
        let symbol = format!("MODEL{place}");
        registry.try_open("alice", &symbol, |msg| msg.use_cases = use_cases).unwrap();
    }
    let filter = || Some(ModelFilter::Category(Category::Generation));
    for limit in [1, 7, 30] {
        let mut found: Vec<u32> = vec![];
        loop {
            let page = registry.models(filter(), found.last().copied(), Some(limit));
            assert!(page.len() <= limit as usize);
            if page.is_empty() {
                break;
            }
            found.extend(page);
        }
        assert_eq!(found, (1..=36).collect::<Vec<_>>(), "pages of {limit}");
    }
    assert_eq!(registry.models(filter(), None, None).len(), 10);
    assert_eq!(registry.models(filter(), None, Some(1_000)).len(), 30);
    let twin = ModelFilter::UseCase(use_case("llm-twin"));
    let all = models(&registry, twin.clone());
    assert!(all.len() > 3, "{all:?}");
    assert_eq!(registry.models(Some(twin), Some(all[0]), Some(2)), all[1..3]);
}

#[test]
fn a_model_is_found_by_the_use_cases_that_it_has_now() {
    let mut registry = Registry::on_mock();
    let model = registry.open("alice", "IRIS");
    let mut change = |slugs: &[&str]| {
        let use_cases = slugs.iter().map(|slug| use_case(slug)).collect();
        registry.update("alice", &model, |msg| msg.use_cases = use_cases).unwrap();
        let rows = registry.use_cases();
        let counted: Vec<&str> =
            rows.iter().filter(|row| row.models == 1).map(|row| row.use_case.row().slug).collect();
        assert_eq!(rows.iter().map(|row| row.models).sum::<u32>() as usize, slugs.len());
        let mut expected = slugs.to_vec();
        expected.sort_by_key(|slug| use_case(slug).number());
        assert_eq!(counted, expected);
        for row in rows {
            let found = models(&registry, ModelFilter::UseCase(row.use_case));
            assert_eq!(found.len(), row.models as usize, "{}", row.name);
        }
    };
    change(&["photo-classification", "llm-twin"]);
    change(&["llm-twin", "scheduling"]);
    change(&["scheduling", "llm-twin"]);
    change(&["credit-scoring", "music-generation", "scheduling", "stock-prediction", "llm-twin"]);
    change(&["photo-classification"]);
}
