//! Creates, writes, reads, describes, tags, reshards and fans out with aws-sdk-kinesis, answer by answer.
#[macro_use]
mod checks;
mod fan_out;
mod reshard;
mod suite;

use aws_sdk_kinesis::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_kinesis::{Client, Config};
use aws_smithy_http_client::{tls, Builder};

fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run through tests/e2e/with_gateway.py"))
}

/// A stock client for the gateway in the environment; FOREBAY_CA_FILE is what it trusts beside the system.
fn client() -> Client {
    let mut trust = tls::TrustStore::default();
    if let Ok(path) = std::env::var("FOREBAY_CA_FILE") {
        trust = trust.with_pem_certificate(std::fs::read(path).expect("the certificate is readable"));
    }
    let context = tls::TlsContext::builder().with_trust_store(trust).build().expect("a TLS context");
    let http = Builder::new()
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .tls_context(context)
        .build_https();
    let keys = Credentials::new(setting("AWS_ACCESS_KEY_ID"), setting("AWS_SECRET_ACCESS_KEY"), None, None, "environment");
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(setting("FOREBAY_ENDPOINT"))
        .region(Region::new("us-east-1"))
        .credentials_provider(keys)
        .retry_config(aws_sdk_kinesis::config::retry::RetryConfig::disabled())
        .http_client(http)
        .build();
    Client::from_conf(config)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut run = suite::Suite::new(client());
    run.streams().await;
    run.puts().await;
    run.reads().await;
    run.settings().await;
    run.reshard().await;
    run.fan_out().await;
    run.end().await;
    println!("aws-sdk-kinesis {}: {} answers are right", aws_sdk_kinesis::meta::PKG_VERSION, checks::right());
}
