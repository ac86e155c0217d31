//! stub
#![allow(missing_docs)]
pub mod copies;
mod incident;
mod page;
mod words;
use hearsay_doc::record::Record;
#[derive(Default)]
pub struct Linker { records: Vec<Record> }
pub struct Links { pub incidents: Vec<(String, Vec<String>)> }
#[derive(serde::Serialize)]
pub struct Export { pub copies: Vec<()>, pub incidents: Vec<Inc> }
#[derive(serde::Serialize)]
pub struct Inc { pub id: String, pub reports: Vec<String> }
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
        Links { incidents: found.iter().enumerate().map(|(k, m)| (format!("i{k}"), m.iter().map(|&t| pages[tellings[t].page].record.document.name.clone()).collect())).collect() }
    }
}
impl Links { pub fn export(&self) -> Export { Export { copies: vec![], incidents: self.incidents.iter().map(|(id, r)| Inc { id: id.clone(), reports: r.clone() }).collect() } } }
