//! What a person is told to do when the cloud knows the caller and does not allow the call.

use crate::{cases::good, support::Console};

#[tokio::test]
async fn a_missing_permission_is_named_in_the_next_step() {
    let console = Console::demo().await;
    for scenario in ["no_permission", "ram_forbidden"] {
        console.scenario(scenario).await;
        for (operation, parameters) in good() {
            let documented = console.get(&format!("/api/operations/{operation}")).await.expect(200).json();
            let action = documented["permissions"][0]["action"].as_str().unwrap();
            let run = console.upgrade(operation, &parameters).await;
            let what = format!("{scenario} {operation} {run:#}");
            assert_eq!((&run["state"], &run["failure"]), (&"refused".into(), &"refused".into()), "{what}");
            assert!(
                run["next_step"].as_str().unwrap().contains(&format!("grant the profile's user {action},")),
                "{what}"
            );
            let path = format!("/api/runs/{}", run["id"].as_str().unwrap());
            let run = console.get_with(&path, ("accept-language", "zh-CN")).await.expect(200).json();
            assert!(run["next_step"].as_str().unwrap().contains(&format!("授予 {action} 权限")), "{run:#}");
        }
    }
    // Another refusal is about values.
    console.scenario("normal").await;
    let (operation, _) = good()[2];
    let run = console.upgrade(operation, &crate::cases::kafka(3)).await;
    assert_eq!(run["state"], "refused", "{run:#}");
    assert!(!run["next_step"].as_str().unwrap().contains("grant"), "{run:#}");
}
