//! The command line: a task, its paths, its options.

use crate::Error;

/// A task's arguments, taken apart.
#[derive(Debug, Default)]
pub struct Args {
    /// What is no option, in order.
    pub paths: Vec<String>,
    options: Vec<(&'static str, String)>,
}

/// One option of a task.
#[derive(Clone, Copy, Debug)]
pub struct Opt {
    /// With its dashes: `--json`.
    pub name: &'static str,
    /// How its value is called in messages; empty for a switch. A switch takes a value after `=` only.
    pub value: &'static str,
}

impl Opt {
    /// An option that is there or not.
    pub const fn switch(name: &'static str) -> Opt {
        Opt { name, value: "" }
    }

    /// An option with a value: `--name VALUE` or `--name=VALUE`.
    pub const fn value(name: &'static str, value: &'static str) -> Opt {
        Opt { name, value }
    }
}

impl Args {
    /// Takes `words` apart. Options may stand anywhere.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] on an option that is not in `known` or that lacks its value.
    pub fn parse(words: &[String], known: &[Opt]) -> Result<Args, Error> {
        let mut args = Args::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if !word.starts_with("--") {
                args.paths.push(word.clone());
                continue;
            }
            let (name, inline) = word.split_once('=').map_or((word.as_str(), None), |(n, v)| (n, Some(v)));
            let Some(opt) = known.iter().find(|opt| opt.name == name) else {
                let all: Vec<_> = known.iter().map(|opt| opt.name).collect();
                return Err(Error::Usage(format!("{name} is no option of this task: {}", all.join(" "))));
            };
            let value = match (inline, opt.value) {
                (Some(value), _) => value.to_owned(),
                (None, "") => String::new(),
                (None, value) => {
                    words.next().ok_or_else(|| Error::Usage(format!("{name} needs its {value}")))?.clone()
                }
            };
            args.options.push((opt.name, value));
        }
        Ok(args)
    }

    /// Is the option there?
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The option's last value; `""` for a switch without one.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.options.iter().rev().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
    }

    /// The option's values, split at commas, from every time it was given.
    pub fn list(&self, name: &str) -> Vec<&str> {
        let given = self.options.iter().filter(|(n, _)| *n == name);
        given.flat_map(|(_, value)| value.split(',')).filter(|part| !part.is_empty()).collect()
    }

    /// The only path.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if there is none or more than one.
    pub fn path(&self) -> Result<&std::path::Path, Error> {
        match self.paths.as_slice() {
            [path] => Ok(path.as_ref()),
            paths => Err(Error::Usage(format!("this task takes one PATH, got {}", paths.len()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Args, Error> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        Args::parse(&words, &[Opt::switch("--json"), Opt::switch("--errors"), Opt::value("--docs", "IDS")])
    }

    #[test]
    fn options_stand_anywhere_and_a_switch_may_carry_a_word() {
        let args = parse("--json gold --errors=full --docs a,b --docs=c").unwrap();
        assert_eq!(args.path().unwrap().to_str(), Some("gold"));
        assert!(args.has("--json"));
        assert_eq!(args.get("--errors"), Some("full"));
        assert_eq!(args.list("--docs"), ["a", "b", "c"]);
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        assert!(parse("--jsn gold").unwrap_err().to_string().contains("--jsn is no option"));
        assert_eq!(parse("gold --docs").unwrap_err().to_string(), "--docs needs its IDS");
        assert_eq!(parse("a b").unwrap().path().unwrap_err().to_string(), "this task takes one PATH, got 2");
    }
}
