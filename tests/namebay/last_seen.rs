//! Reading less: records of an unchanged zone are not read again, and no change from outside is missed, whatever moves
//! the marker, and when; a documented one stands for a minute at most.

use std::sync::Mutex;

use super::*;
use bailiwick::http::Response;
use bailiwick::model::{LastSeen, Time};
use jiff::{SignedDuration, ToSpan};

/// What moves the marker of the simulated zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moves {
    Never,
    Counter,
    /// It stands for so many seconds.
    Granular(i64),
    /// Each write moves it, so many seconds later.
    Late(i64),
}

/// A zone with a value that anybody may write, at a provider whose clock is moved by hand.
struct Zone {
    now: Time,
    moves: Moves,
    value: String,
    writes: Vec<Time>,
}

impl Zone {
    fn marker(&self) -> String {
        let last = self.writes.last().unwrap().as_second();
        match self.moves {
            Moves::Never => "Apr 16 2025 11:37AM".to_owned(),
            Moves::Counter => self.writes.len().to_string(),
            Moves::Granular(seconds) => (last / seconds).to_string(),
            Moves::Late(seconds) => {
                let shown = |at: &&Time| at.as_second() + seconds <= self.now.as_second();
                self.writes.iter().filter(shown).count().to_string()
            }
        }
    }

    fn write(&mut self, value: &str) {
        self.value = value.to_owned();
        self.writes.push(self.now);
    }
}

struct World {
    zone: Arc<Mutex<Zone>>,
    seen: LastSeen,
}

impl World {
    fn new(moves: Moves) -> Self {
        let now: Time = "2026-01-01T10:00:30Z".parse().unwrap();
        let made = now.checked_sub(1000.hours()).unwrap();
        let zone = Zone {
            now,
            moves,
            value: "192.0.2.1".to_owned(),
            writes: vec![made],
        };
        Self {
            zone: Arc::new(Mutex::new(zone)),
            seen: LastSeen::default(),
        }
    }

    /// Each run is a process of its own.
    fn scene(&self) -> Scene {
        let zone = Arc::clone(&self.zone);
        Scene::new(move |line, sent| {
            let mut zone = zone.lock().unwrap();
            let one = format!(
                r#"{{"Handle": "DO100001", "Name": "example.com", "SoaSerial": "{}"}}"#,
                zone.marker()
            );
            let record = |zone: &Zone| {
                format!(
                    r#"{{"Id": 13, "Host": "www", "Type": "A", "Data": "{}"}}"#,
                    zone.value
                )
            };
            let body = match line {
                "GET /api/Zone" => format!("[{one}]"),
                "GET /api/Zone/DO100001" => one,
                "GET /api/Zone/DO100001/Redirection" => "[]".to_owned(),
                "GET /api/Zone/DO100001/Record" => format!("[{}]", record(&zone)),
                "PUT /api/Zone/DO100001/Record/13" => {
                    let value = json(&sent.body)["Data"].as_str().unwrap().to_owned();
                    zone.write(&value);
                    record(&zone)
                }
                _ => panic!("{line}"),
            };
            let date = zone.now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            Reply::Answer(Response::new(200, body).header("Date", &date))
        })
    }

    fn wait(&self, time: SignedDuration) {
        let mut zone = self.zone.lock().unwrap();
        zone.now = zone.now.checked_add(time).unwrap();
    }

    fn change_outside(&self, value: &str) {
        self.zone.lock().unwrap().write(value);
    }

    /// A plan: the value that it sees, which has to be the live one, and whether it read the records.
    async fn plan(&mut self) -> bool {
        let scene = self.scene();
        let live = self.fetch(&scene, &self.seen).await;
        self.seen.marks.extend(live.seen.marks.clone());
        let value = self.zone.lock().unwrap().value.clone();
        assert_eq!(values(&live), [format!("www A {value}")]);
        scene.asked().iter().any(|line| line.ends_with("/Record"))
    }

    async fn fetch(&self, scene: &Scene, seen: &LastSeen) -> Live {
        let all = scene.admit(desired(&[(
            record("www", "A"),
            &[("192.0.2.1", data("192.0.2.1"))],
        )]));
        let wish = Wish {
            seen: Some(seen),
            ..wish(&all, &[])
        };
        scene.namebay.fetch(&wish).await.unwrap()
    }

    /// An apply that writes a value; it reads everything, and forgets before it writes.
    async fn apply(&mut self, value: &str) {
        let scene = self.scene();
        self.fetch(&scene, &LastSeen::default()).await;
        self.seen = LastSeen::default();
        let before = self.zone.lock().unwrap().value.clone();
        self.wait(SignedDuration::from_secs(2));
        let write = record_write(record("www", "A"), (Some(&before), Some(value)));
        assert_eq!(scene.perform(&write).await, done(Some("13")));
        // Two lists, the redirections that the changed address could belong to, the write and its check.
        assert!(scene.asked().len() <= 5, "{:?}", scene.asked());
        let again = record_write(record("www", "A"), (Some(value), Some(value)));
        scene.perform(&again).await;
        let checks = scene.asked();
        let checks = checks
            .iter()
            .filter(|line| *line == "GET /api/Zone/DO100001");
        assert_eq!(checks.count(), 1, "one look for each zone of a run");
        self.seen = scene.namebay.learned();
    }
}

const DAY: i64 = 86_400;

#[tokio::test(start_paused = true)]
async fn an_unchanged_zone_is_not_read_again() {
    for moves in [Moves::Counter, Moves::Granular(1), Moves::Granular(60)] {
        let mut world = World::new(moves);
        assert!(
            world.plan().await && world.plan().await,
            "nothing is believed yet"
        );
        world.apply("192.0.2.2").await;
        assert!(world.plan().await);
        world.wait(SignedDuration::from_secs(115));
        assert!(
            world.plan().await,
            "{moves:?}: the marker may not have ended its time"
        );
        world.wait(SignedDuration::from_secs(5));
        assert!(world.plan().await);
        for _ in 0..3 {
            assert!(!world.plan().await, "{moves:?}");
            world.wait(SignedDuration::from_hours(5));
        }
        world.wait(SignedDuration::from_hours(24));
        world.change_outside("192.0.2.3");
        assert!(world.plan().await);
        assert!(world.plan().await);
        // What may no longer be used is not kept.
        let text = world.seen.marks.values().next().unwrap();
        assert!(!text.contains("192.0.2"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_change_from_outside_is_missed() {
    let every = [
        Moves::Never,
        Moves::Counter,
        Moves::Granular(1),
        Moves::Granular(60),
        Moves::Late(1),
        Moves::Late(600),
        Moves::Late(3 * DAY),
    ];
    for moves in every {
        for step in [1, 59, 61, 3600, 9 * 3600, DAY, 27 * 3600] {
            let mut world = World::new(moves);
            for turn in 0..16 {
                match turn % 8 {
                    0 => world.apply(&format!("192.0.2.{turn}")).await,
                    3 | 7 => world.change_outside(&format!("198.51.100.{turn}")),
                    5 => {
                        world.change_outside(&format!("198.51.100.{turn}"));
                        world.change_outside(&format!("203.0.113.{turn}"));
                    }
                    _ => {}
                }
                world.plan().await;
                world.wait(SignedDuration::from_secs(step));
                world.plan().await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_marker_that_does_not_move_at_once_is_never_believed() {
    for moves in [Moves::Never, Moves::Late(600), Moves::Late(3 * DAY)] {
        let mut world = World::new(moves);
        for _ in 0..5 {
            world.apply("192.0.2.2").await;
            for _ in 0..4 {
                world.wait(SignedDuration::from_hours(27));
                assert!(world.plan().await, "{moves:?}");
            }
        }
    }
}
