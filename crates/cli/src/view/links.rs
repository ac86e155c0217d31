//! Incidents, drawn for the eye: a line each, a card with its origins and the reports behind them, a toll's series.

use hearsay_link::links::{Copy, Incident, Shown};

use super::paint::{Piece, Pieces, Style, cut, width_of};
use super::{INDENT, View, squeeze};

/// The words of a page (by key) between two code points.
pub(crate) type WordsOf<'a> = &'a dyn Fn(&str, (u32, u32)) -> String;

impl View {
    /// A line each, with a head; a sentence where there is none.
    pub(crate) fn incidents(&self, incidents: &[&Incident]) -> String {
        if incidents.is_empty() {
            return "no incident found\n".to_owned();
        }
        let names =
            ["id", "date", "place", "what", "status", "origins", "reports", "killed"].map(str::to_owned);
        let rows: Vec<[String; 8]> = incidents.iter().map(|incident| row(incident)).collect();
        let widest =
            |column: usize| rows.iter().chain([&names]).map(|row| width_of(&row[column])).max().unwrap_or(0);
        let widths: [usize; 8] =
            std::array::from_fn(|column| widest(column).min([13, 10, 18, 24, 22, 7, 7, 12][column]));
        let mut out = String::new();
        for (row, head) in [(&names, true)].into_iter().chain(rows.iter().map(|row| (row, false))) {
            let mut line = Pieces::default();
            for (column, words) in row.iter().enumerate() {
                let shown = cut(words, widths[column]);
                let style = match (head, column) {
                    (true, _) | (_, 0) => Style::Dim,
                    (_, 4) => status_style(words),
                    _ => Style::Plain,
                };
                let pad = widths[column].saturating_sub(width_of(&shown));
                line.push(Piece::new(style, shown));
                line.push(Piece::plain(" ".repeat(if column == 7 { 0 } else { pad + 2 })));
            }
            out = out + line.line(self.color).trim_end() + "\n";
        }
        out
    }

    /// One incident in full; `words` gives the words of a page again.
    pub(crate) fn incident(&self, incident: &Incident, copies: &[Copy], words: WordsOf<'_>) -> String {
        let mut out = String::new();
        let place = incident.place.as_deref().unwrap_or("place unknown");
        let title =
            format!("{} · {} · {place}", incident.id, incident.date.as_deref().unwrap_or("day unknown"));
        out += &self.lines(&Pieces::from_iter([Piece::new(Style::Title, title)]), "", "");
        let mode = incident.mode.as_deref().map_or(String::new(), |mode| format!(" · {mode}"));
        let n = (incident.reports.len(), incident.origins.len());
        let count = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
        let kind = format!(
            "{}{mode} · {} · {}",
            incident.kind,
            count(n.0, "report"),
            count(n.1, "independent origin")
        );
        out += &self.lines(&Pieces::from_iter([Piece::plain(kind)]), "", "  ");
        let status = &incident.status;
        let word = status.word.replace('_', " ");
        let line = [Piece::new(status_style(&status.word), word), Piece::plain(format!(": {}", status.rule))];
        out += &self.lines(&Pieces::from_iter(line), "", "  ");
        let proposed =
            format!("proposals, no verdict: Airwars “{}”, Admiralty {}", status.airwars, status.admiralty);
        out += &self.lines(&Pieces::from_iter([Piece::new(Style::Dim, proposed)]), "", "  ");

        out += &self.heading("Origins");
        for origin in &incident.origins {
            let line = [
                Piece::new(Style::Source, origin.name.as_str()),
                Piece::new(Style::Dim, format!("  {}", origin.rule)),
            ];
            out += &self.lines(&Pieces::from_iter(line), "  ", "    ");
            out += &self.evidence(&origin.evidence, words);
        }
        let lists = [
            ("Says it was its own doing", &incident.claimed_by, Style::Good),
            ("Denies", &incident.denied_by, Style::Bad),
            ("Took it back", &incident.retracted_by, Style::Warn),
        ];
        for (name, parties, style) in lists {
            if parties.is_empty() {
                continue;
            }
            out += &self.heading(name);
            for party in parties {
                out +=
                    &self.lines(&Pieces::from_iter([Piece::new(style, party.name.as_str())]), "  ", "    ");
                out += &self.evidence(&party.evidence, words);
            }
        }
        out += &self.heading("Reports");
        for report in &incident.reports {
            let when = report.published.as_deref().unwrap_or("undated");
            let mut line = Pieces::from_iter([
                Piece::new(Style::Time, when),
                Piece::plain(format!("  {}", report.page.name)),
            ]);
            if let Some(outlet) = &report.outlet {
                line.push(Piece::new(Style::Dim, format!("  {outlet}")));
            }
            for copy in copies.iter().filter(|copy| copy.report == report.page) {
                line.push(Piece::new(
                    Style::Warn,
                    format!("  ← {} {} (by {})", copy.kind.replace('_', " "), copy.of.name, copy.direction),
                ));
            }
            out += &self.lines(&line, "  ", "      ");
        }
        if !incident.mentioned_in.is_empty() {
            let names: Vec<&str> =
                incident.mentioned_in.iter().map(|report| report.page.name.as_str()).collect();
            out += &self.lines(
                &Pieces::from_iter([Piece::new(Style::Dim, format!("recalled in {}", names.join(", ")))]),
                "  ",
                "    ",
            );
        }
        if !incident.toll.is_empty() {
            out += "\n";
            out += &self.series(incident);
        }
        out
    }

    /// An incident's counts under its name.
    pub(crate) fn toll(&self, incident: &Incident) -> String {
        let place = incident.place.as_deref().unwrap_or("place unknown");
        let title =
            format!("{} · {} · {place}", incident.id, incident.date.as_deref().unwrap_or("day unknown"));
        self.lines(&Pieces::from_iter([Piece::new(Style::Title, title)]), "", "")
            + &self.series(incident)
            + "\n"
    }

    fn series(&self, incident: &Incident) -> String {
        let mut out = self.lines(
            &Pieces::from_iter([Piece::new(Style::Dim, "said on     killed     injured    moved  by")]),
            "  ",
            "    ",
        );
        for row in &incident.toll {
            let arrow = match row.revision.as_str() {
                "up" => "↑",
                "down" => "↓",
                "same" => "=",
                _ => "",
            };
            let words = format!(
                "{:<10}  {:<9}  {:<9}  {arrow:<5}  {} ({})",
                row.said_on.as_deref().unwrap_or("undated"),
                interval(row.killed),
                interval(row.injured),
                row.by,
                row.shown.page.name
            );
            out = out + "  " + Pieces::from_iter([Piece::plain(words)]).line(self.color).trim_end() + "\n";
        }
        let rules: Vec<String> =
            incident.figures.iter().map(|figure| format!("{} {}", figure.rule, figure.killed)).collect();
        if !rules.is_empty() {
            out += &self.lines(
                &Pieces::from_iter([Piece::new(
                    Style::Dim,
                    format!("killed by the rules of {}", rules.join(" · ")),
                )]),
                "  ",
                "    ",
            );
        }
        out
    }

    fn heading(&self, words: &str) -> String {
        format!("\n{}\n", Pieces::from_iter([Piece::new(Style::Title, words)]).line(self.color))
    }

    /// The words that show something: the earliest in full, the others by their pages.
    fn evidence(&self, shown: &[Shown], words: WordsOf<'_>) -> String {
        let mut out = String::new();
        let Some(first) = shown.first() else { return out };
        let quote = cut(&squeeze(&words(&first.page.key, first.at)), 220);
        let line =
            [Piece::new(Style::Dim, format!("{}  ", first.page.name)), Piece::plain(format!("“{quote}”"))];
        out += &self.lines(&Pieces::from_iter(line), INDENT, "      ");
        let mut others: Vec<&str> =
            shown[1..].iter().map(|s| s.page.name.as_str()).filter(|name| *name != first.page.name).collect();
        others.dedup();
        if !others.is_empty() {
            out += &self.lines(
                &Pieces::from_iter([Piece::new(Style::Dim, format!("also {}", others.join(", ")))]),
                INDENT,
                "      ",
            );
        }
        out
    }
}

fn row(incident: &Incident) -> [String; 8] {
    let mode = incident.mode.as_deref().map_or(String::new(), |mode| format!("/{mode}"));
    let killed = incident.toll.iter().rev().find_map(|row| row.killed);
    [
        incident.id.clone(),
        incident.date.clone().unwrap_or_default(),
        incident.place.clone().unwrap_or_default(),
        format!("{}{mode}", incident.kind),
        incident.status.word.replace('_', " "),
        incident.origins.len().to_string(),
        incident.reports.len().to_string(),
        killed.map_or(String::new(), |killed| interval(Some(killed))),
    ]
}

/// `6`, `6+`, `≤40`, `2–3`.
fn interval(interval: Option<(Option<u64>, Option<u64>)>) -> String {
    match interval {
        Some((Some(low), Some(high))) if low == high => low.to_string(),
        Some((Some(low), Some(high))) => format!("{low}–{high}"),
        Some((Some(low), None)) => format!("{low}+"),
        Some((None, Some(high))) => format!("≤{high}"),
        _ => String::new(),
    }
}

fn status_style(word: &str) -> Style {
    match word {
        "contested" => Style::Bad,
        "acknowledged" => Style::Good,
        "independently_reported" | "independently reported" => Style::Good,
        _ => Style::Warn,
    }
}
