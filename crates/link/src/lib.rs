//! stub
#![allow(missing_docs)]
pub mod copies;
mod incident;
mod origin;
mod page;
mod speaker;
mod toll;
mod words;
use hearsay_doc::record::Record;
#[derive(Default)]
pub struct Linker { records: Vec<Record> }
pub struct Links { pub incidents: Vec<Inc> }
#[derive(serde::Serialize)]
pub struct Export { pub copies: Vec<()>, pub incidents: Vec<Inc> }
#[derive(serde::Serialize)]
#[derive(Clone)] pub struct Inc { pub id: String, pub reports: Vec<String>, pub independent_origins: usize, pub origins: Vec<String>, pub toll: Vec<T> }
#[derive(Clone, serde::Serialize)] pub struct T { killed: Option<[Option<u64>; 2]>, injured: Option<[Option<u64>; 2]> }
impl Linker {
    pub fn add(&mut self, record: Record) { self.records.push(record); }
    pub fn links(&self) -> Links {
        let mut pages: Vec<page::Page> = self.records.iter().map(|r| page::Page::new(r.clone())).collect();
        pages.sort_by(|a, b| a.order().cmp(&b.order()));
        let mut proper = page::Proper::default();
        pages.iter().for_each(|p| proper.add(p));
        pages.iter_mut().for_each(|p| p.weigh(&proper));
        let mut copies = copies::Copies::default();
        for p in &pages { copies.add(copies::Sketch::of(p.text())); }
        let groups = copies::groups(&copies, |n| pages[n as usize].text().to_owned());
        let mut group = vec![usize::MAX; pages.len()];
        for (g, m) in groups.iter().enumerate() { for &x in m { group[x as usize] = g; } }
        let tellings: Vec<incident::Telling> = pages.iter().enumerate().flat_map(|(n, p)| incident::tellings(n, p)).collect();
        if std::env::var("CAST").is_ok() {
            let cast = speaker::Cast::new(&pages);
            println!("{:?}", cast.countries);
            for o in &cast.outlets { println!("{o:?}"); }
            for o in &cast.groups { println!("{o:?}"); }
            for p in cast.people() { println!("{} {:?} {}", p.0, p.1, cast.show(&p.1)); }
            for (n, p) in pages.iter().enumerate() { for c in &p.record.claims { for l in &c.chain { if let Some(w) = &l.source {
              println!("  {} {:?} ={:?} {}", p.record.document.name, w.text, l.resolved, cast.speaker(n, p, p.sentence_of(c), &w.text, l.resolved.as_deref()).map_or("-".into(), |s| format!("{s:?} {}", cast.show(&s)))); } } } }
        }
        if std::env::var("DBG").is_ok() {
            for t in &tellings { let p = &pages[t.page]; println!("{} main {} days {:?} sure {} fig {:?} names {:?}", p.record.document.name, t.main, t.days.map(|d| (hearsay_doc::Date::from_days(d.0).to_string(), d.1-d.0)), t.sure, t.figures, t.names); }
            let w = incident::Weights::new(&tellings, &proper);
            let want: Vec<String> = std::env::var("DBG").unwrap().split(',').map(|s| s.to_owned()).collect();
            for a in 0..tellings.len() { for b in a+1..tellings.len() {
                let n = |x: usize| pages[tellings[x].page].record.document.name.clone();
                if want.contains(&n(a)) && want.contains(&n(b)) { let s = w.score(&tellings, &pages, a, b); println!("{} {} {:.2} {:?}", n(a), n(b), s.total(), s); }
            } }
        }
        let found = incident::cluster(&tellings, &pages, &proper, |a, b| { let (x, y) = (tellings[a].page, tellings[b].page); (group[x] == group[y] && group[x] != usize::MAX && tellings[a].main && tellings[b].main).then_some(true) });
        let cast = speaker::Cast::new(&pages);
        let mut out = Vec::new();
        for (k, m) in found.iter().enumerate() {
            let st: Vec<origin::Statement> = m.iter().flat_map(|&t| origin::statements(tellings[t].page, &pages[tellings[t].page], &tellings[t], &cast)).collect();
            let copied: std::collections::BTreeSet<usize> = m.iter().map(|&t| tellings[t].page).filter(|&p| group[p] != usize::MAX && groups[group[p]][0] as usize != p).collect();
            let mut kinds: std::collections::BTreeMap<String, f64> = Default::default();
            for &t in m { for &c in &tellings[t].claims { let c = &pages[tellings[t].page].record.claims[c]; *kinds.entry(c.event.kind.clone()).or_default() += c.confidence; } }
            let threat = kinds.iter().max_by(|a, b| a.1.total_cmp(b.1)).is_some_and(|(k, _)| k == "THREATEN");
            let w = origin::weigh(&st, &pages, &cast, &copied, threat);
            let mut tl: Vec<T> = vec![];
            for &t in m { for &k in &tellings[t].sentences { for c in toll::counts(pages[tellings[t].page].slice(k)) { if std::env::var("ST").is_ok() { println!("  T {} {:?} {:?} {:?} | {}", pages[tellings[t].page].record.document.name, c.measure, c.low, c.high, pages[tellings[t].page].slice(k)); }
              let iv = Some([c.low, c.high]); tl.push(if c.measure == "killed" { T { killed: iv, injured: None } } else { T { killed: None, injured: iv } }); } } }
            if std::env::var("ST").is_ok() && m.len() > 1 {
                println!("=== i{k} {:?}", m.iter().map(|&t| pages[tellings[t].page].record.document.name.clone()).collect::<Vec<_>>());
                for (n, s) in st.iter().enumerate() { println!("  {n} {} {} {:?} own {} claim {:?} | {}", pages[s.page].record.document.name, cast.show(&s.speaker), s.act, s.own_voice, s.claim, pages[s.page].slice(s.sentence)); }
                for o in &w.origins { println!("  -> {} {} {:?}", cast.show(&o.speaker), o.rule, o.evidence); }
                println!("  deny {:?} own {:?}", w.deniers.iter().map(|s| cast.show(s)).collect::<Vec<_>>(), w.owners.iter().map(|s| cast.show(s)).collect::<Vec<_>>());
            }
            out.push(Inc { id: format!("i{k}"), reports: m.iter().map(|&t| pages[tellings[t].page].record.document.name.clone()).collect(), independent_origins: w.origins.len(), origins: w.origins.iter().map(|o| cast.show(&o.speaker)).collect(), toll: tl });
        }
        Links { incidents: out }
    }
}
impl Links { pub fn export(&self) -> Export { Export { copies: vec![], incidents: self.incidents.clone() } } }
