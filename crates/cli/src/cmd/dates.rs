//! `hearsay dates`: the temporal expressions of a text and the days they mean, for trying this step alone.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use hearsay_doc::Interval;
use hearsay_pipeline::Hearsay;
use hearsay_pipeline::dates::DateRecord;
use unicode_width::UnicodeWidthStr;

use crate::failure::Stop;
use crate::view::clean;

/// `hearsay dates`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The text, or - to read it from standard input
    #[arg(value_name = "TEXT", required = true)]
    text: Vec<String>,
    /// The day on which it was published: YYYY-MM-DD, YYYY-MM or YYYY; without it only full dates are resolved
    #[arg(long, value_name = "DAY", value_parser = Interval::parse)]
    on: Option<Interval>,
    /// Read 3/4/2024 as 3 April where nothing beside it decides
    #[arg(long, conflicts_with = "month_first")]
    day_first: bool,
    /// Read 3/4/2024 as March 4 where nothing beside it decides
    #[arg(long)]
    month_first: bool,
    /// Print a JSON array
    #[arg(long)]
    json: bool,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode, Stop> {
        let text = match &self.text[..] {
            [dash] if dash == "-" => input()?,
            words => words.join(" "),
        };
        let day_first = (self.day_first || self.month_first).then_some(self.day_first);
        let found = Hearsay::shipped()?.dates(&text, self.on, day_first);
        let mut out = io::stdout().lock();
        if self.json {
            let json = serde_json::to_string_pretty(&found).expect("plain strings and numbers");
            writeln!(out, "{json}")?;
        } else {
            out.write_all(table(&found).as_bytes())?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn input() -> Result<String, Stop> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A row an expression: its words, its days, how fine they are, and TimeML's type and value.
fn table(found: &[DateRecord]) -> String {
    let rows: Vec<[String; 4]> = found.iter().map(row).collect();
    let wide = |n: usize| rows.iter().map(|row| row[n].width()).max().unwrap_or(0);
    let widths = [wide(0), wide(1), wide(2)];
    let mut out = String::new();
    for row in &rows {
        for (cell, width) in row.iter().zip(widths) {
            out += cell;
            out += &" ".repeat(width - cell.width() + 2);
        }
        out += &row[3];
        out.push('\n');
    }
    out
}

fn row(date: &DateRecord) -> [String; 4] {
    let days = match (&date.from, &date.to) {
        (Some(from), Some(to)) if from != to => format!("{from} to {to}"),
        (Some(from), _) => from.clone(),
        _ => "-".to_owned(),
    };
    let timex: Vec<String> =
        date.timex.iter().map(|t| format!("{} {}", t.kind, t.value.as_deref().unwrap_or("?"))).collect();
    let words = clean(&date.text).split_whitespace().collect::<Vec<_>>().join(" ");
    [words, days, date.precision.unwrap_or(date.kind).to_owned(), timex.join(" / ")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use hearsay_pipeline::dates::Timex;

    #[test]
    fn an_unknown_day_is_a_dash_and_columns_stand_under_each_other() {
        let date = |text: &str, from: Option<&str>, to: Option<&str>, precision, kind, timex| DateRecord {
            start: 0,
            end: 0,
            text: text.to_owned(),
            kind,
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
            precision,
            timex,
        };
        let timex = |kind, value: Option<&str>| Timex { kind, value: value.map(str::to_owned) };
        let found = [
            date(
                "at\nnight on Sunday",
                Some("2024-03-24"),
                Some("2024-03-24"),
                Some("day"),
                "day",
                vec![timex("TIME", Some("2024-03-24TNI"))],
            ),
            date("three days", None, None, None, "duration", vec![timex("DURATION", Some("P3D"))]),
            date(
                "May to June",
                Some("2023-05"),
                Some("2023-06"),
                Some("range"),
                "span",
                vec![timex("DATE", Some("2023-05")), timex("DATE", None)],
            ),
        ];
        expect![[r#"
            at night on Sunday  2024-03-24          day       TIME 2024-03-24TNI
            three days          -                   duration  DURATION P3D
            May to June         2023-05 to 2023-06  range     DATE 2023-05 / DATE ?
        "#]]
        .assert_eq(&table(&found));
    }
}
