//! Makes switches out of lists of doubts and answers, and the `Dialect` out of a list of switches.

/// Makes one type per doubt, whose values are the answers.
macro_rules! choices {
    ($(
        $(#[$doc:meta])*
        $Type:ident = $name:literal answers $doubt:literal {
            $( $(#[$vdoc:meta])* $Variant:ident = $how:ident($word:literal), )+
        }
    )+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
            pub enum $Type {
                $( #[doc = concat!("`", $word, "`: ")] $(#[$vdoc])* #[doc = ""] $Variant, )+
            }

            impl $Type {
                /// The name that the command line takes.
                pub(super) const NAME: &'static str = $name;
                /// The doubt of the OpenAPI document that it answers.
                pub(super) const DOUBT: &'static str = $doubt;
                pub(super) const CHOICES: &'static [(Self, Choice)] =
                    &[ $( (Self::$Variant, $how($word)), )+ ];

                /// Gives the word that stands for this value.
                pub fn word(self) -> &'static str {
                    match self { $( Self::$Variant => $word, )+ }
                }
            }
        )+
    };
}

/// Makes the dialect: one field per switch.
macro_rules! dialect {
    ($( $field:ident: $Type:ident, )+) => {
        /// One answer to every open question of the contract; the default is the most plausible reading.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Dialect {
            $( #[doc = concat!("The choice of [`", stringify!($Type), "`].")] pub $field: $Type, )+
            /// Seeds what is arbitrary inside a dialect: the order of shuffled lists.
            pub seed: u64,
        }

        impl Default for Dialect {
            fn default() -> Self {
                Self { $( $field: $Type::CHOICES[0].0, )+ seed: 0 }
            }
        }

        impl Dialect {
            /// Lists the switches in their fixed order.
            pub fn switches() -> Vec<Switch> {
                vec![ $( Switch {
                    name: $Type::NAME,
                    doubt: $Type::DOUBT,
                    values: $Type::CHOICES.iter().map(|(_, choice)| choice.word).collect(),
                }, )+ ]
            }

            /// Lists the names that `set` and `get` take.
            pub fn names() -> Vec<&'static str> {
                vec![ $( $Type::NAME, )+ ]
            }

            /// Sets one switch by its name and the word of its value.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), DialectError> {
                match name {
                    $( $Type::NAME => {
                        let found = $Type::CHOICES.iter().find(|(_, choice)| choice.word == value);
                        self.$field = found.map(|(value, _)| *value).ok_or_else(|| DialectError::Value {
                            name: $Type::NAME,
                            value: value.to_owned(),
                            known: $Type::CHOICES.iter().map(|(_, c)| c.word).collect::<Vec<_>>().join(", "),
                        })?;
                        Ok(())
                    } )+
                    other => Err(DialectError::Name(other.to_owned())),
                }
            }

            /// Gives the word of a switch's value, nothing if there is no such switch.
            pub fn get(&self, name: &str) -> Option<&'static str> {
                match name {
                    $( $Type::NAME => Some(self.$field.word()), )+
                    _ => None,
                }
            }

            /// Draws a value for every switch; equal seeds give equal dialects.
            pub fn draw(seed: u64, reach: Reach) -> Self {
                let mut lot = Lot::new(seed);
                Self { $( $field: pick($Type::CHOICES, lot.next(), reach), )+ seed }
            }
        }
    };
}
