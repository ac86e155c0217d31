//! Rows for the eye, for programs and for spreadsheets: one place for how lists are printed.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::view::{clean, cut, width_of};

/// How a list is printed.
#[derive(Debug, clap::Args)]
pub(crate) struct Form {
    /// Print one JSON object: rows, and where to go on
    #[arg(long, conflicts_with_all = ["jsonl", "csv"])]
    json: bool,
    /// Print a JSON object on each line
    #[arg(long, conflicts_with = "csv")]
    jsonl: bool,
    /// Print comma-separated values with a header (RFC 4180; safe to open in a spreadsheet)
    #[arg(long)]
    csv: bool,
    /// Columns to fit the table into [default: the terminal's; no limit in a pipe]
    #[arg(long, value_name = "N")]
    width: Option<usize>,
}

/// A column of a list: its name, and the words of a row in it.
pub(crate) type Column<T> = (&'static str, fn(&T) -> Field);

/// A row's value in a column.
pub(crate) enum Field {
    Words(String),
    Number(String),
    Empty,
}

impl Field {
    pub(crate) fn words(words: impl Into<String>) -> Field {
        Field::Words(words.into())
    }

    pub(crate) fn maybe(words: &Option<String>) -> Field {
        words.as_ref().map_or(Field::Empty, |words| Field::Words(words.clone()))
    }

    pub(crate) fn number(number: impl ToString) -> Field {
        Field::Number(number.to_string())
    }

    pub(crate) fn show(&self) -> &str {
        match self {
            Field::Words(words) | Field::Number(words) => words,
            Field::Empty => "",
        }
    }
}

impl Form {
    /// Prints `rows`. `table` are the columns for the eye, the last of which takes what width is left; `all` those of a
    /// spreadsheet. `next` goes into JSON, or, where there is a table, into a line below it.
    pub(crate) fn print<T: Serialize>(
        &self,
        schema: &str,
        rows: &[T],
        next: Option<String>,
        table: &[Column<T>],
        all: &[Column<T>],
    ) -> io::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        if self.json {
            let value = serde_json::json!({ "schema": schema, "rows": rows, "next": next });
            writeln!(out, "{}", serde_json::to_string_pretty(&value).map_err(io::Error::other)?)?;
        } else if self.jsonl {
            for row in rows {
                writeln!(out, "{}", serde_json::to_string(row).map_err(io::Error::other)?)?;
            }
        } else if self.csv {
            write!(out, "{}", csv(rows, all))?;
        } else {
            let width = self.width.unwrap_or_else(|| {
                let terminal = console::Term::stdout().size_checked().map(|(_, columns)| columns.into());
                terminal.filter(|_| io::stdout().is_terminal()).unwrap_or(usize::MAX)
            });
            write!(out, "{}", draw(rows, table, width))?;
            if let Some(next) = next {
                writeln!(out, "… more: --after {next}")?;
            }
        }
        out.flush()
    }
}

/// RFC 4180, and no text that a spreadsheet would take for a formula.
fn csv<T>(rows: &[T], columns: &[Column<T>]) -> String {
    let quote = |words: &str| match words.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", words.replace('"', "\"\"")),
        false => words.to_owned(),
    };
    let field = |field: Field| match field {
        Field::Words(words) if words.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
            quote(&format!("'{words}"))
        }
        Field::Words(words) | Field::Number(words) => quote(&words),
        Field::Empty => String::new(),
    };
    let mut out = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",") + "\r\n";
    for row in rows {
        out += &columns.iter().map(|(_, of)| field(of(row))).collect::<Vec<_>>().join(",");
        out += "\r\n";
    }
    out
}

/// No column but the last is wider than this on a terminal.
const WIDEST: usize = 26;

fn draw<T>(rows: &[T], columns: &[Column<T>], width: usize) -> String {
    if rows.is_empty() {
        return "nothing found\n".to_owned();
    }
    let cells: Vec<Vec<String>> =
        rows.iter().map(|row| columns.iter().map(|(_, of)| clean(of(row).show())).collect()).collect();
    let most = if width == usize::MAX { usize::MAX } else { WIDEST };
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(n, (name, _))| {
            cells.iter().map(|row| width_of(&row[n])).max().unwrap_or(0).max(width_of(name)).min(most)
        })
        .collect();
    if let Some((last, others)) = widths.split_last_mut() {
        let taken = others.iter().map(|width| width + 2).sum::<usize>();
        *last = width.saturating_sub(taken).max(12);
    }
    let line = |cells: &[String]| {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(&widths) {
            let cell = if width_of(cell) > *width { cut(cell, *width) } else { cell.clone() };
            let pad = if *width > 1000 { 0 } else { width.saturating_sub(width_of(&cell)) };
            line += &cell;
            line += &" ".repeat(pad + 2);
        }
        line.trim_end().to_owned() + "\n"
    };
    let head: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    line(&head) + &cells.iter().map(|row| line(row)).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    const COLUMNS: &[Column<(&str, i32)>] =
        &[("name", |row| Field::words(row.0)), ("n", |row| Field::number(row.1))];

    #[test]
    fn a_spreadsheet_gets_no_formula_and_every_quote_twice() {
        let rows = [("=1+1", -3), ("a \"b\", c", 4), ("@x\ny", 5)];
        expect![[r#"
            name,n
            '=1+1,-3
            "a ""b"", c",4
            "'@x
            y",5
        "#]]
        .assert_eq(&csv(&rows, COLUMNS).replace('\r', ""));
    }

    #[test]
    fn a_table_fits_and_says_where_nothing_is() {
        let rows = [("a name that is much too long for any column", 1), ("ž\x1b[2J", 22)];
        expect![[r#"
            name                        n
            a name that is much too l…  1
            ž�[2J                       22
        "#]]
        .assert_eq(&draw(&rows, COLUMNS, 60));
        assert_eq!(draw(&[], COLUMNS, 60), "nothing found\n");
    }
}
