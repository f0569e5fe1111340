//! Makes the `Dialect` and its switches out of their list; see `switches`.

macro_rules! switches {
    ($(
        $(#[$doc:meta])*
        $field:ident: $Type:ident = $name:literal answers $doubt:literal {
            $( $(#[$vdoc:meta])* $Variant:ident = $how:ident($word:literal), )+
        }
    )+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
            pub enum $Type { $( #[doc = concat!("`", $word, "`: ")] $(#[$vdoc])* #[doc = ""] $Variant, )+ }

            impl $Type {
                const CHOICES: &'static [(Self, Choice)] = &[ $( (Self::$Variant, $how($word)), )+ ];

                /// Gives the word that stands for this value.
                pub fn word(self) -> &'static str {
                    match self { $( Self::$Variant => $word, )+ }
                }
            }
        )+

        /// One answer to every open question of the contract; the default is the most plausible reading.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Dialect {
            $( $(#[$doc])* pub $field: $Type, )+
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
                    name: $name,
                    doubt: $doubt,
                    values: $Type::CHOICES.iter().map(|(_, choice)| choice.word).collect(),
                }, )+ ]
            }

            /// Lists the names that `set` and `get` take.
            pub fn names() -> Vec<&'static str> {
                vec![ $( $name, )+ ]
            }

            /// Sets one switch by its name and the word of its value.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), DialectError> {
                match name {
                    $( $name => {
                        let found = $Type::CHOICES.iter().find(|(_, choice)| choice.word == value);
                        self.$field = found.map(|(value, _)| *value).ok_or_else(|| DialectError::Value {
                            name: $name,
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
                    $( $name => Some(self.$field.word()), )+
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
