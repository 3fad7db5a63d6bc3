"""Which Kubernetes this is, to who asks."""

VERSION = {
    "major": "1",
    "minor": "37",
    "gitVersion": "v1.37.0+embedded",
    "gitCommit": "",
    "gitTreeState": "clean",
    "buildDate": "2026-08-26T00:00:00Z",
    "goVersion": "",
    "compiler": "python",
    "platform": "embedded",
}
