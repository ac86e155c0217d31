# What one does here. Each recipe can also be typed by hand.

_default:
    @just --list

# All tests
test:
    cargo test --workspace

# Format, clippy, documentation
lint:
    cargo fmt --check
    cargo clippy --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# What continuous integration runs
check:
    .ci/run

# Rewrite the expectations of tests; then read the diff
bless:
    UPDATE_EXPECT=1 cargo test --workspace

# Read the demonstration report
demo:
    cargo run --release -q -p hearsay-cli -- read data/demo/report.html

# Score a labelled set: just eval claims ../shared/gold
eval *ARGS:
    cargo run --release -q -p hearsay-eval -- {{ARGS}}

# Measure every set of eval/floors.toml against its floor
floors:
    cargo run --release -q -p hearsay-eval -- floors

# Words a second on one core, cold start, memory
bench:
    cargo build --release -q -p hearsay-cli -p hearsay-eval
    target/release/hearsay-eval bench

# Train the language model from the sets in DATA (models/MANIFEST.toml has sets and scores)
train DATA:
    cargo run --release -p hearsay-nlp --features train --bin hearsay-train -- {{DATA}} models/en-1.bin --epochs 18 --all 1

# Learn the claim reader from the sets in DATA and the reports in data/ (after changing a word list or en-1)
train-claims DATA:
    cargo run --release -p hearsay-pipeline --features train --bin hearsay-train-claims -- models/claims-1.bin {{DATA}} .

# Build the gazetteer from SOURCES (data/gazetteer/SOURCE.toml)
gazetteer SOURCES:
    cargo run --release -p hearsay-claims --features build-gazetteer --bin build-gazetteer -- {{SOURCES}} data/gazetteer data/gazetteer/places-1.bin

# Licences and advisories of dependencies
deny:
    cargo deny check
