//! The forms of a notification: how a title and lines become a message that Slack or Teams takes.
//!
//! Lines hold what strangers wrote, so they stand only where the chat reads no markup: in a `plain_text` object of
//! Slack, with `&`, `<` and `>` written as entities, and in text runs of Teams, which know no Markdown.

use serde_json::json;

/// In which form somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The JSON of the drift or of the report.
    Json,
    /// A message of Slack's incoming webhooks.
    Slack,
    /// A card of Teams' webhooks.
    Teams,
}

/// What is told to people. Lines are inert in a terminal, not yet in a chat.
pub(super) struct Message {
    /// In our words and numbers.
    pub(super) title: String,
    /// What it is about.
    pub(super) lines: Vec<String>,
}

/// Slack takes 3000 characters in a text, of which an entity counts as several.
const SLACK_TEXT: usize = 2900;

/// The longest title that both take.
const TITLE: usize = 150;

impl Form {
    /// The text of the message. Of [`Form::Json`] the caller has a better one.
    pub(super) fn body(self, message: &Message) -> String {
        let title: String = message.title.chars().take(TITLE).collect();
        let body = match self {
            Form::Slack => slack(&title, &message.lines),
            Form::Teams => teams(&title, &message.lines),
            Form::Json => json!({ "title": title, "lines": message.lines }),
        };
        body.to_string()
    }
}

fn slack(title: &str, lines: &[String]) -> serde_json::Value {
    let plain = |text: &str| json!({ "type": "plain_text", "text": text, "emoji": false });
    let mut blocks = vec![json!({ "type": "header", "text": plain(&entities(title)) })];
    let mut text = String::new();
    for line in lines {
        let line = entities(line);
        if !text.is_empty() && text.chars().count() + line.chars().count() > SLACK_TEXT {
            blocks.push(json!({ "type": "section", "text": plain(&text) }));
            text.clear();
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&line);
    }
    if !text.is_empty() {
        blocks.push(json!({ "type": "section", "text": plain(&text) }));
    }
    json!({ "text": entities(title), "mrkdwn": false, "blocks": blocks })
}

/// What Slack asks for: without `<`, nothing in a text is a link, a mention or `<!channel>`.
fn entities(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn teams(title: &str, lines: &[String]) -> serde_json::Value {
    // Cards fill in {{DATE(…)}} and the like.
    let run = |text: &str| json!({ "type": "TextRun", "text": text.replace("{{", "{ {") });
    let mut heading = run(title);
    heading["weight"] = json!("Bolder");
    let mut body = vec![json!({ "type": "RichTextBlock", "inlines": [heading] })];
    body.extend(
        lines
            .iter()
            .map(|line| json!({ "type": "RichTextBlock", "inlines": [run(line)] })),
    );
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": body,
            },
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "<!channel> <@U1> <https://evil.example|here> *b* [x](https://evil.example) {{DATE(x)}} & `";

    fn message(lines: usize) -> Message {
        Message {
            title: "bailiwick: drift (1)".into(),
            lines: vec![HOSTILE.into(); lines],
        }
    }

    #[test]
    fn slack_gets_plain_text_without_angle_brackets() {
        let body = Form::Slack.body(&message(41));
        assert!(!body.contains('<') && !body.contains('>'), "{body}");
        let json: serde_json::Value = serde_json::from_str(&body).unwrap();
        for block in json["blocks"].as_array().unwrap() {
            assert_eq!(block["text"]["type"], "plain_text");
            let text = block["text"]["text"].as_str().unwrap();
            assert!(text.chars().count() <= 3000);
        }
        assert_eq!(body.matches("&lt;!channel&gt;").count(), 41);
        assert_eq!(json["text"], "bailiwick: drift (1)");
    }

    #[test]
    fn teams_gets_a_card_of_text_runs() {
        let body = Form::Teams.body(&message(3));
        let json: serde_json::Value = serde_json::from_str(&body).unwrap();
        let card = &json["attachments"][0]["content"];
        assert_eq!(
            (&card["type"], &json["type"]),
            (&json!("AdaptiveCard"), &json!("message"))
        );
        let blocks = card["body"].as_array().unwrap();
        assert_eq!(blocks.len(), 4);
        for block in blocks {
            // A TextBlock would read Markdown.
            assert_eq!(block["type"], "RichTextBlock");
            assert_eq!(block["inlines"][0]["type"], "TextRun");
        }
        assert!(!body.contains("{{"), "{body}");
        assert!(json.get("msteams").is_none() && card.get("msteams").is_none());
    }
}
