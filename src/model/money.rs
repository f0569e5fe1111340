//! Amounts of money: decimal, with a currency, never converted, never rounded in silence.

use rust_decimal::Decimal;
use std::fmt;

/// An amount in one currency, written `14.88 EUR`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// The amount.
    pub amount: Decimal,
    /// Three capital letters (ISO 4217).
    pub currency: Box<str>,
}

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not `<number> <currency>`.
    #[error("an amount is a number and a currency, such as \"12.00 EUR\"")]
    Form,
    /// Below nothing.
    #[error("an amount cannot be negative")]
    Negative,
}

impl Money {
    /// Reads `12.00 EUR`.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let (amount, currency) = text.trim().split_once(' ').ok_or(MoneyError::Form)?;
        let currency = currency.trim();
        let amount: Decimal = amount.parse().map_err(|_| MoneyError::Form)?;
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(MoneyError::Form);
        }
        if amount.is_sign_negative() && !amount.is_zero() {
            return Err(MoneyError::Negative);
        }
        Ok(Self {
            amount,
            currency: currency.into(),
        })
    }

    /// Nothing, in a currency.
    pub fn zero(currency: &str) -> Self {
        Self {
            amount: Decimal::ZERO,
            currency: currency.into(),
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} {}", self.amount, self.currency)
    }
}

/// What a step costs, as far as the provider tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cost {
    /// This.
    Exact(Money),
    /// This or less.
    AtMost(Money),
    /// The provider names no price.
    Unknown,
}
