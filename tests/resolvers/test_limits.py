"""Reasonable documents stay below the limits, unreasonable ones do not."""

import pytest

from tests.resolvers.running_api import Api

REASONABLE = {
    "a dashboard": """{
      projects(first: 100) { nodes { id name environments(first: 50) { totalCount nodes { id name phase } } } }
    }""",
    "fifty environments with their services and releases": """{
      environments(first: 50) { nodes { services(first: 20) { nodes { releases { nodes { revision } } } } } }
    }""",
    "one environment with everything": """{
      environment(name: "x") {
        id name phase phaseReason protected createdAt project { name } phaseHistory { nodes { phase at } }
        availableServices { nodes { id name configuration { variables { name value } } } }
        operations { nodes { id kind status steps { name status message } failure { blockers { kind name } } } }
        destroyPlan { digest removals { kind name } keeps { kind name reason } }
        services {
          totalCount
          nodes {
            id name kind status revision hostnames
            configuration {
              source { ... on ImageSource { image } ... on GitSource { repository ref } ... on EngineSource { engine } }
              command deployment { replicas autoscaling { maxReplicas } } variables { name value secret }
              networking { ports { name number } ingress { host path port tls } } volumes { name sizeGiB }
              healthChecks { readiness { path } liveness { path } startup { path } } schedule { cron }
            }
            releases(first: 10) { nodes { revision image } }
            workflows(first: 10) { nodes { status stages { kind status message } } }
          }
        }
      }
    }""",
    "edges down to the image of a release": """{
      environments(first: 10) { edges { node { services(first: 10) { edges { node { releases(first: 10) { edges { node {
        configuration { source { ... on ImageSource { image } } }
      } } } } } } } } }
    }""",
}


@pytest.mark.parametrize("document", REASONABLE.values(), ids=REASONABLE.keys())
def test_a_reasonable_document_passes(api: Api, document: str) -> None:
    assert "errors" not in api.send(document)


UNREASONABLE = {
    "COST_LIMIT_EXCEEDED": """{
      environments(first: 100) { nodes { services(first: 100) { nodes { releases(first: 100) { nodes { id } } } } } }
    }""",
    "DEPTH_LIMIT_EXCEEDED": f'{{ operation(id: "x") {"{ environment { operations(first: 1) { nodes " * 5}'
    f"{{ id }}{' } } }' * 5} }}",
}


@pytest.mark.parametrize("code", UNREASONABLE)
def test_an_unreasonable_document_is_refused(api: Api, code: str) -> None:
    assert api.error(UNREASONABLE[code])["extensions"]["code"] == code


def test_the_default_page_counts_where_none_is_asked_for(api: Api) -> None:
    implicit = api.send("{ environments(first: 1) { nodes { services { nodes { id } } } } }")
    explicit = api.send("{ environments(first: 1) { nodes { services(first: 50) { nodes { id } } } } }")

    assert implicit["extensions"]["cost"] == explicit["extensions"]["cost"]


def test_many_destroy_plans_at_once_are_too_much(api: Api) -> None:
    assert api.error("{ environments(first: 60) { nodes { destroyPlan { digest } } } }")["extensions"]["code"] == (
        "COST_LIMIT_EXCEEDED"
    )
