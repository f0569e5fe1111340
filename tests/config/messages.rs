//! What is refused, where, and in which words. Each line is `file:line:column code message | help + other
//! places`.

use super::support::problems;

fn told(text: &str, lines: &[&str]) {
    let problems = problems(text);
    let problems: Vec<&str> = problems.iter().map(|line| line.trim_end()).collect();
    assert_eq!(problems, lines, "{text}");
}

#[test]
fn keys_and_types() {
    told(
        r#"[domain."example.com".zone]
recrods = []
ttl = "1h"
dnssec = 1
purge = 'x'
"#,
        &[
            r#"bailiwick.toml:2:1 config.unknown-key `recrods` is no key of [domain."example.com".zone] | did you mean `records`?"#,
            r#"bailiwick.toml:3:7 config.wrong-type `ttl` takes a whole number; this is text | write it like ttl = 1"#,
            r#"bailiwick.toml:4:10 config.wrong-type `dnssec` takes true or false; this is a whole number | write it like dnssec = true"#,
            r#"bailiwick.toml:5:9 config.wrong-type `purge` takes true or false; this is text | write it like purge = true"#,
        ],
    );
    told(
        r#"[domain.example.com]
locked = true
"#,
        &[
            r#"bailiwick.toml:1:17 config.unknown-key `com` is no key of [domain.example] | names with dots are quoted: [domain."example.com"]"#,
        ],
    );
    told(
        r#"[template.t]
records = [
  { host = "www", type = "A", dta = "192.0.2.1" },
  { host = 1, type = "A", data = [1, "192.0.2.1"] },
  "x",
  { host = "a", type = "MX", data = "x.", priority = 70000 },
  { host = "a", type = "MX", data = "x.", priority = 1.5 },
  { type = "A" },
]
"#,
        &[
            r#"bailiwick.toml:3:31 config.unknown-key `dta` is no key of [template.t.records] | did you mean `data`?"#,
            r#"bailiwick.toml:4:12 config.wrong-type `host` takes text in quotes; this is a whole number | write it like host = "…""#,
            r#"bailiwick.toml:4:35 config.wrong-type `data` takes text in quotes; this is a whole number | write it like data = "…""#,
            r#"bailiwick.toml:5:3 config.wrong-type `records` takes records such as { host = "www", type = "A", data = "192.0.2.1" }; this is text | write records such as { host = "www", type = "A", data = "192.0.2.1" }"#,
            r#"bailiwick.toml:6:54 config.range `priority` takes a number from 0 to 65535 | write it like priority = 0"#,
            r#"bailiwick.toml:7:54 config.wrong-type `priority` takes a whole number; this is a number with a fraction | write it like priority = 1"#,
            r#"bailiwick.toml:8:3 config.missing-key `data` is needed in each record | add data = "…""#,
            r#"bailiwick.toml:8:3 config.missing-key `host` is needed in each record | add host = "…""#,
        ],
    );
    told(
        r#"[http]
attempts = 0
timeout = "x"
[guard]
max_cost = "5"
max_delete_percent = 101
protect = ["domian.x"]
[[allow]]
destroy = ["domain.example.com"]
until = "2026-02-30"
[[allow]]
reason = "x"
"#,
        &[
            r#"bailiwick.toml:2:12 config.range `attempts` takes a number from 1 to 100 | write it like attempts = 1"#,
            r#"bailiwick.toml:3:11 config.duration `timeout` cannot be "x" | write a number and s, m, h or d, such as "30s""#,
            r#"bailiwick.toml:5:12 config.amount `max_cost` cannot be "5": an amount is a number and a currency, such as "12.00 EUR""#,
            r#"bailiwick.toml:6:22 config.range `max_delete_percent` takes a number from 0 to 100 | write it like max_delete_percent = 0"#,
            r#"bailiwick.toml:7:12 config.pattern "domian.x" matches nothing: "domian" is no kind of object"#,
            r#"bailiwick.toml:10:9 config.day 2026-02-30 is not in the calendar"#,
            r#"bailiwick.toml:11:1 config.allow it allows nothing | write destroy = ["…"] or share = ["…"]"#,
        ],
    );
}

#[test]
fn secrets_are_never_in_the_message() {
    told(
        r#"[account.b]
provider = "namebuy"
user = "x"
username = "u"
password = "hunter2"
passwrd = "hunter3"
api_key = 7
"#,
        &[
            r#"bailiwick.toml:2:12 config.word `provider` cannot be "namebuy" | did you mean "namebay"?"#,
            r#"bailiwick.toml:5:12 config.secret-literal `password` is a secret, and its value stands in the file, for all to read | write { env = "NAME" }, { file = "path" } or { command = ["program", "argument"] }; change the secret if it was ever committed"#,
            r#"bailiwick.toml:6:1 config.unknown-key `passwrd` is no key of [account.b] | did you mean `password`? + bailiwick.toml:6"#,
            r#"bailiwick.toml:7:11 config.secret-literal `api_key` is a secret, and its value stands in the file, for all to read | write { env = "NAME" }, { file = "path" } or { command = ["program", "argument"] }; change the secret if it was ever committed"#,
        ],
    );
    told(
        r#"[account.b]
provider = "namebay"
user = "BB1"
username = { env = "A B" }
password = { value = "hunter2" }
auth_url = "https://hunter2:x@namebay.com"
"#,
        &[
            r#"bailiwick.toml:4:20 config.secret-source the username of account b cannot be fetched: this is no name of a variable"#,
            r#"bailiwick.toml:5:12 config.secret-form `password` is none of the ways to fetch a secret | write { env = "NAME" }, { file = "path" } or { command = ["program", "argument"] }"#,
            r#"bailiwick.toml:6:12 config.endpoint `auth_url` of account b cannot be this: credentials are no part of an address | write an address such as "https://auth.namebay.com""#,
        ],
    );
    told(
        r#"[account.q]
password = "hunter2
user = 'x' y
"#,
        &[
            r#"bailiwick.toml:2:20 config.syntax invalid basic string, expected `"` + bailiwick.toml:2"#,
            r#"bailiwick.toml:3:12 config.syntax unexpected key or value, expected newline, `#` + bailiwick.toml:3"#,
        ],
    );
}

#[test]
fn accounts() {
    told(
        r#"[account.b]
user = "AA 1"
[account.c]
login = "b"
provider = "namebay"
[account.d]
login = "c"
user = "D1"
[account.e]
login = "mian"
user = "E1"
[account.f]
login = "main"
user = "aa111111"
[account.g]
login = "g"
user = "G1"
[account."a/b"]
login = "main"
user = "H1"
rate_limit = "5/1s"
"#,
        &[
            r#"bailiwick.toml:1:10 config.account [account.b] has no `provider` | write provider = "namebay", or login = the label of the account whose login it uses"#,
            r#"bailiwick.toml:3:10 config.account [account.c] has no `user` | write the handle of the customer, such as user = "AA222222""#,
            r#"bailiwick.toml:5:12 config.login `provider` of [account.c] comes from account b, whose login it uses | take out `provider`, or `login`"#,
            r#"bailiwick.toml:7:9 config.login account c has no credentials of its own: it uses a login itself | name the account that holds the credentials + bailiwick.toml:3 this one"#,
            r#"bailiwick.toml:10:9 config.account-unknown there is no account "mian" | did you mean "main"?"#,
            r#"bailiwick.toml:16:9 config.login [account.g] names itself as its login"#,
            r#"bailiwick.toml:18:10 config.name "a/b" cannot be the label of an account | write letters, digits, - and _"#,
            r#"bailiwick.toml:21:14 config.login `rate_limit` of [account."a/b"] comes from account main, whose login it uses | take out `rate_limit`, or `login`"#,
            r#"bailiwick.toml:23:10 config.account-twice accounts f and main are both AA111111 at https://rest.namebay.com | keep one of them; a domain names its account by that label + bailiwick.toml:12 and here"#,
        ],
    );
    told(
        r#"[account.b]
provider = "namebay"
user = "BB1"
username = "u"
password = { file = "../x" }
auth_url = "http://10.0.0.1"
base_url = "https://namebay.com/?x"
rate_limit = "5"
ip_address = "::g"
api_key = { env = "X" }
"#,
        &[
            r#"bailiwick.toml:5:21 config.secret-source the password of account b cannot be fetched: a path may not leave the folder of its file by `..`"#,
            r#"bailiwick.toml:6:12 config.endpoint `auth_url` of account b cannot be this: http is for addresses of this machine only; elsewhere credentials go over https | write an address such as "https://auth.namebay.com""#,
            r#"bailiwick.toml:7:12 config.endpoint `base_url` of account b cannot be this: an endpoint ends with its path, before any ? or # | write an address such as "https://rest.namebay.com""#,
            r#"bailiwick.toml:8:14 config.rate `rate_limit` cannot be "5" | write requests and a time, such as "5/1s""#,
            r#"bailiwick.toml:9:14 config.account `ip_address` cannot be "::g": it is no address"#,
            r#"bailiwick.toml:10:11 config.account `api_key` of [account.b] belongs to Combell; this account is at Namebay"#,
        ],
    );
}

#[test]
fn domains() {
    told(
        r#"[domain."example.com"]
admin = "jane"
tech = "AA 1"
name_servers = [
  "ns1.example.com",
  "a.example.net",
  "A.example.net.",
  "ns",
  "192.0.2.1",
]
[domain."example.org"]
name_servers = []
account = "mian"
[contact.jane]
handle = "JJ 1"
"#,
        &[
            r#"bailiwick.toml:3:8 config.contact `tech` cannot be "AA 1": it is no handle"#,
            r#"bailiwick.toml:5:3 config.glue ns1.example.com lies below example.com, so the registry needs its addresses to find it | write glue = { "ns1.example.com" = ["192.0.2.53"] }"#,
            r#"bailiwick.toml:7:3 config.name-servers a.example.net stands twice among the name servers + bailiwick.toml:6 first here"#,
            r#"bailiwick.toml:8:3 config.name-servers "ns" is no full name of a name server | write it like "ns1.example.net""#,
            r#"bailiwick.toml:9:3 config.name-servers "192.0.2.1" is no full name of a name server | write it like "ns1.example.net""#,
            r#"bailiwick.toml:13:11 config.account-unknown there is no account "mian" | did you mean "main"?"#,
            r#"bailiwick.toml:15:10 config.contact "JJ 1" is no handle"#,
        ],
    );
    told(
        r#"[domain."example.com"]
registrar = "external"
locked = true
[domain."EXAMPLE.com."]
registrar = "external"
[domain.localhost]
[domain."a..b"]
"#,
        &[
            r#"bailiwick.toml:3:10 config.external `locked` is set where the domain is registered, and example.com is registered elsewhere + bailiwick.toml:2 said here"#,
            r#"bailiwick.toml:5:13 config.written-twice `registrar` of [domain."example.com"] is written twice; one value is written once, even if both are equal + bailiwick.toml:2 first here"#,
            r#"bailiwick.toml:6:9 config.name "localhost" is no domain | write the whole name in quotes: [domain."example.com"]"#,
            r#"bailiwick.toml:7:9 config.name `a..b` has an empty label (two dots beside each other, or one in front) | perhaps `a.b`"#,
        ],
    );
}

/// What the grammar holds and later versions act on is one error each, beside which nothing else is wrong.
#[test]
fn what_later_versions_bring() {
    let problems = problems(
        r#"[group.parked]
domains = []
[[moved]]
from = "a"
to = "b"

[notify]
[bailiwick]
ledger = "s3://bucket/prefix"
[defaults]
renew_before = "30d"
mailbox.type = "pop"
[contact.jane]
first_name = "Jane"
last_name = "Doe"
[account.be]
provider = "combell"
[[allow]]
order = ["domain.example.com"]
max_cost = "1 EUR"
[domain."example.com"]
account = "main"
period = 1
max_price = "15 EUR"
registrant = "jane"
products = { register = 1 }
order = { a = "b" }
glue = { "ns.example.com" = [] }
transfer = { keep_name_servers = false }
[domain."example.com".mailbox.info]
[domain."example.com".hosting.database.store]
[[domain."example.com".ns_key]]
key_tag = 1
algorithm = 8
digest_type = 2
digest = "x"
[domain."example.com".redirect."a.example.com"]
[domain."example.com".certificate."a.example.com"]
"#,
    );
    let lines: Vec<&str> = problems
        .iter()
        .map(|line| {
            line.strip_prefix("bailiwick.toml:")
                .and_then(|line| line.split(" is known, but this version").next())
                .unwrap_or(line)
        })
        .collect();
    assert_eq!(
        lines,
        [
            r#"1:8 config.group-empty [group.parked] has no domains, so nothing comes of it | write domains = ["…"] under [group.parked], or take it out"#,
            r#"3:1 config.not-supported-yet [[moved]]"#,
            r#"7:2 config.missing-key [notify] has no `webhook`, so that nobody can be told | write webhook = { env = "HOOK_URL" }, or take [notify] out"#,
            #[cfg(not(feature = "object-store"))]
            r#"9:10 config.not-supported-yet this bailiwick was built without object stores, and keeps its ledger in a folder only | build it with them: cargo install bailiwick --features object-store"#,
            r#"9:10 config.trust the ledger would be kept at "s3://bucket/prefix", outside this machine | if this is meant, say so outside the file: BAILIWICK_TRUST=ledger or --trust ledger"#,
            r#"11:16 config.not-supported-yet `renew_before` of [defaults]"#,
            r#"14:14 config.not-supported-yet [contact.jane] with data of its own (only `handle`)"#,
            r#"17:12 config.not-supported-yet provider = "combell""#,
            r#"19:9 config.not-supported-yet `order` of [[allow]]"#,
            r#"20:12 config.not-supported-yet `max_cost` of [[allow]]"#,
            r#"23:10 config.not-supported-yet `period` of [domain."example.com"]"#,
            r#"24:13 config.not-supported-yet `max_price` of [domain."example.com"]"#,
            r#"25:14 config.not-supported-yet `registrant` of [domain."example.com"]"#,
            r#"26:1 config.not-supported-yet [domain."example.com".products]"#,
            r#"27:11 config.not-supported-yet `order` of [domain."example.com"]"#,
            r#"28:10 config.not-supported-yet `glue` of [domain."example.com"]"#,
            r#"29:1 config.not-supported-yet [domain."example.com".transfer]"#,
            r#"31:40 config.not-supported-yet [domain."example.com".hosting.database.store]"#,
            r#"32:1 config.not-supported-yet [domain."example.com".ns_key]"#,
            r#"37:32 config.redirect the redirection of a.example.com has no `to` | write to = "https://www.example.net/""#,
            r#"37:32 config.redirect the redirection of a.example.com has no `type` | write type = 4, the provider's number of the way"#,
            r#"38:35 config.not-supported-yet [domain."example.com".certificate."a.example.com"]"#,
        ]
    );
}

#[test]
fn templates() {
    told(
        r#"[template.t]
records = [
  { host = "_dmarc", type = "CNAME", data = "x.example.net." },
  { host = "a", type = "TXT", data = "{dmarcbox} {domain}", ttl = 5 },
  { host = "b", type = "A", data = "1.2.3" },
]
[domain."exmaple.com"]
vars = { dmarc-box = "x", Bad_ = "y", domain = "z" }
[domain."exmaple.com".zone]
templates = ["t", "t", "tt"]
except = ["zzz"]
records = [
  { host = "_dmarc", type = "TXT", data = "x" },
]
[domain."example.org".zone]
templates = ["t"]
"#,
        &[
            r#"bailiwick.toml:4:38 config.placeholder {dmarcbox} in template.t (bailiwick.toml:4) is not set for example.org; known: domain, domain-dashed; the same in 1 more domain + bailiwick.toml:16 used here, for example.org"#,
            r#"bailiwick.toml:5:36 config.record `1.2.3` is no IPv4 address: it has 3 numbers, not four; the same in 1 more domain + bailiwick.toml:16 used here, for example.org"#,
            r#"bailiwick.toml:8:27 config.placeholder "Bad_" cannot be the name of a placeholder; names are a-z, 0-9 and -"#,
            r#"bailiwick.toml:8:39 config.placeholder {domain} is the domain's name already"#,
            r#"bailiwick.toml:10:14 config.record-ttl Namebay has one TTL per zone; those of templates and master files are passed over in exmaple.com"#,
            r#"bailiwick.toml:10:24 config.template-unknown there is no template "tt" | write "t""#,
            r#"bailiwick.toml:11:11 config.except "zzz" names no record | write host/type, such as "zzz/*""#,
            r#"bailiwick.toml:13:43 config.zone _dmarc CNAME (template.t, bailiwick.toml:3) beside TXT (bailiwick.toml:13); to keep yours: except = ["_dmarc/CNAME"] + bailiwick.toml:3"#,
            r#"bailiwick.toml:16:14 config.record-ttl Namebay has one TTL per zone; those of templates and master files are passed over in example.org"#,
        ],
    );
    told(
        r#"[template.t]
records = [
  { host = "_dmarc", type = "TXT", data = "x" },
  { host = "a", type = "TXT", data = "q" },
]
[domain."example.org".zone]
templates = ["t"]
except = ["b/TXT"]
records = [
  { host = "_dmarc", type = "TXT", data = "x" },
]
"#,
        &[
            r#"bailiwick.toml:8:11 config.except "b/TXT" leaves nothing out: no template or group of example.org has such a record | take it out; they have _dmarc/TXT or a/TXT"#,
            r#"bailiwick.toml:10:43 config.record-twice _dmarc TXT (template.t, bailiwick.toml:3) beside TXT (bailiwick.toml:10); to keep yours: except = ["_dmarc/TXT"] + bailiwick.toml:3"#,
        ],
    );
}

#[test]
fn records() {
    told(
        r#"[domain."example.com".zone]
ttl = 60
records = [
  { host = "@", type = "MX", data = "mail.example.net", priority = 1 },
  { host = "www.example.com", type = "A", data = "192.0.2.1" },
  { host = "a", type = "A", data = "192.0.2.256", ttl = 5 },
  { host = "b", type = "MX", data = "x." },
  { host = "c", type = "A", data = "192.0.2.1", priority = 5 },
  { host = "d", type = "SOA", data = "x" },
  { host = "e", type = "CNAME", data = "x." },
  { host = "e", type = "A", data = "192.0.2.1" },
  { host = "f", type = "A", data = ["192.0.2.1", "192.0.2.1"] },
  { host = "g", type = "MX", data = "192.0.2.1", priority = 1 },
  { host = "h", type = "A", data = [] },
  { host = "x.example.org.", type = "A", data = "192.0.2.1" },
  { host = "@", type = "CNAME", data = "x." },
  { host = "i", type = "MX", data = "e", priority = 1 },
  { host = "j", type = "TXT", data = ["v=spf1 -all", "v=spf1 mx -all"] },
]
ignore = [{ host = "a" }]
file = "zones/none.zone"
"#,
        &[
            r#"bailiwick.toml:4:37 config.record "mail.example.net": write "mail.example.net." or, if meant below this zone, "mail.example.net.example.com.""#,
            r#"bailiwick.toml:5:12 config.record "www.example.com": write "www.example.com." or, if meant below this zone, "www.example.com.example.com.""#,
            r#"bailiwick.toml:6:36 config.record `192.0.2.256` is no IPv4 address: 256 is above 255"#,
            r#"bailiwick.toml:6:57 config.record-ttl Namebay has one TTL per zone, so a record cannot have its own | take it out, or write ttl under [domain."example.com".zone]"#,
            r#"bailiwick.toml:7:37 config.record MX needs `priority` | add priority = …"#,
            r#"bailiwick.toml:8:60 config.record `priority` is no key of A records | A has `data` alone"#,
            r#"bailiwick.toml:9:24 config.record the SOA is the provider's own; a file does not write it"#,
            r#"bailiwick.toml:10:40 config.zone `e` has a CNAME beside A; a host with a CNAME has nothing else | remove the CNAME or the A + bailiwick.toml:11 and this"#,
            r#"bailiwick.toml:12:50 config.record-twice this A of `f` is there already, perhaps in another spelling | remove one of the two + bailiwick.toml:12 and this"#,
            r#"bailiwick.toml:13:37 config.record `192.0.2.1` is an address, and the name of a host must stand here | give the address a name by a record of type A, and write that name"#,
            r#"bailiwick.toml:14:3 config.record an empty list is no record"#,
            r#"bailiwick.toml:15:12 config.record host: `x.example.org.` lies outside the zone example.com | write it under the domain it belongs to, or without the final dot if it is meant below example.com"#,
            r#"bailiwick.toml:16:40 config.zone a CNAME stands at the apex, beside the SOA and NS that every zone has there | write the addresses (A, AAAA) of the target, or an ALIAS where the provider has it"#,
            r#"bailiwick.toml:17:37 config.zone the MX of `i` points to `e.example.com.`, which is a CNAME in this zone; a mail exchanger must be the name of a host with addresses | write `x.` + bailiwick.toml:10 and this"#,
            r#"bailiwick.toml:18:54 config.zone `j` has two SPF policies, and receivers then use neither | join them into one `v=spf1 … -all` + bailiwick.toml:18 and this"#,
            r#"bailiwick.toml:20:11 config.missing-key `reason` is needed in each ignore | add reason = …"#,
            r#"bailiwick.toml:21:8 config.unreadable there is no file "zones/none.zone""#,
        ],
    );
}

#[test]
fn broken_toml() {
    told(
        r#"a =
b = 2
[c
d = 1
"#,
        &[
            r#"bailiwick.toml:1:4 config.syntax there is no value after the `=`"#,
            r#"bailiwick.toml:2:1 config.unknown-key `b` is no key of the file | known here: bailiwick, account, defaults, guard, allow, moved, secrets, notify, http, contact, template, group or domain"#,
            r#"bailiwick.toml:3:3 config.syntax unclosed table, expected `]`"#,
        ],
    );
    told(
        r#"[domain."example.com"]
locked = true
[domain."example.com"]
locked = false
[domain."example.org"]
auto_renew = true
auto_renew = false
"#,
        &[
            r#"bailiwick.toml:3:9 config.duplicate-key "example.com" stands here a second time; one of them has to go + bailiwick.toml:1 first here"#,
            r#"bailiwick.toml:4:1 config.duplicate-key locked stands here a second time; one of them has to go + bailiwick.toml:2 first here"#,
            r#"bailiwick.toml:7:1 config.duplicate-key auto_renew stands here a second time; one of them has to go + bailiwick.toml:6 first here"#,
        ],
    );
    told(
        r#"[domain."example.com".zone]
records = [
  { host = "a", type = "A", data = "192.0.2.1",
  { host = "b", type = "A", data = "192.0.2.1" },
]
[domain."example.org"]
locked = true
"#,
        &[r#"bailiwick.toml:3:3 config.syntax this bracket is never closed"#],
    );
    told(
        r#"[domain."example.com".zone]
records = [
  { host = "a", type = "A", data = "192.0.2.1" }
  { host = "b", type = "A", data = "192.0.2.1" },
]
[domain."example.org"]
lockd = true
"#,
        &[
            r#"bailiwick.toml:4:3 config.syntax missing comma between array elements, expected `,`"#,
            r#"bailiwick.toml:7:1 config.unknown-key `lockd` is no key of [domain."example.org"] | did you mean `locked`?"#,
        ],
    );
}

#[test]
fn who_is_told() {
    for (block, problem) in [
        (
            "webhook = \"https://hooks.example/canary\"",
            "2:11 config.secret-literal",
        ),
        (
            "key = { env = \"K\" }",
            "1:2 config.missing-key [notify] has no `webhook`",
        ),
        (
            "webhook = { env = \"H\" }\non = []",
            "3:6 config.notify `on` of [notify] is empty",
        ),
        (
            "webhook = { env = \"H\" }\nform = \"xml\"",
            "3:8 config.word",
        ),
        (
            "webhook = { command = [\"pass\"] }",
            "2:11 config.trust the webhook of [notify]",
        ),
        (
            "webhook = { file = \"/etc/hook\" }",
            "2:11 config.trust the webhook of [notify]",
        ),
    ] {
        let told = problems(&format!("[notify]\n{block}\n"));
        let [line] = &told[..] else {
            panic!("{block}: {told:?}");
        };
        let line = line.strip_prefix("bailiwick.toml:").unwrap_or(line);
        assert!(line.starts_with(problem), "{block}: {line}");
        assert!(!line.contains("canary"), "{line}");
    }
    let good = "[notify]\nwebhook = { env = \"H\" }\nkey = { file = \"hook.key\" }\n";
    assert_eq!(problems(good), [""; 0]);
}
