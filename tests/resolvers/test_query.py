from tests.jobs.seeds import seed
from tests.resolvers.running_api import Api


def test_x(api: Api):
    s = seed(api.database, "web", "api", name="q1")
    print(
        api.send(
            "{viewer{name role} projects{totalCount nodes{id name services{nodes{name kind configuration{source{... on ImageSource{image}} variables{name value}}}} environments{totalCount nodes{id name phase createdAt phaseHistory{nodes{cursor phase previous}} services{totalCount nodes{name hostnames releases{totalCount}}} availableServices{totalCount nodes{name}} project{name}}}} pageInfo{endCursor}}}"
        )
    )
    print(
        api.send(
            "mutation($i:AddServiceInput!){addService(input:$i){__typename ...on Error{message}...on InvalidInput{issues{path message}}}}",
            i={"environmentId": s.environment_id, "projectServiceId": "psv_1", "configuration": {}},
        )
    )
    print(
        api.send(
            "mutation($i:UpdateServiceInput!){updateService(input:$i){__typename ...on Error{message}...on InvalidInput{issues{path message}} ...on OperationAccepted{operation{id steps{name status} environment{phase}}}}}",
            i={"serviceId": s.service_ids["web"], "configuration": {"variables": [{"name": "B", "value": "2"}]}},
        )
    )
    assert 0
