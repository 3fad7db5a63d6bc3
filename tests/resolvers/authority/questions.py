"""Every root field of the schema, asked about the things of one project, and the role that it takes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from models.vocabulary import Role

#: Where a question names a thing.
_THING = re.compile(r"<([a-z ]+)>")


@dataclass(frozen=True)
class Question:
    """`document` asks for `answer`. `role` is the lowest that gets one; `everywhere`: it must hold in every project."""

    document: str
    role: Role = Role.VIEWER
    everywhere: bool = False

    @property
    def operation(self) -> str:
        return self.document.split(maxsplit=1)[0]

    @property
    def field(self) -> str:
        return self.document.split("answer: ")[1].split("(")[0].split(" {")[0]

    def about(self, things: Mapping[str, str]) -> str:
        return _THING.sub(lambda thing: things[thing[1]], self.document)


def _mutation(call: str, role: Role, everywhere: bool = False) -> Question:
    field, _, asked = call.partition(" ")
    document = f"mutation {{ answer: {field}(input: {asked}) {{ __typename ... on Error {{ message }} }} }}"
    return Question(document, role, everywhere)


QUESTIONS = (
    Question('query { answer: node(id: "<environment>") { id } }'),
    Question('query { answer: nodes(ids: ["<environment>", "<service>"]) { id } }'),
    Question('query { answer: project(id: "<project>") { id } }'),
    Question('query { answer: project(name: "<project name>") { id } }'),
    Question("query { answer: projects(first: 100) { totalCount nodes { id } } }"),
    Question('query { answer: environment(id: "<environment>") { id } }'),
    Question('query { answer: environment(name: "<environment name>") { id } }'),
    Question("query { answer: environments(first: 100) { totalCount nodes { id } } }"),
    Question('query { answer: environments(projectId: "<project>") { totalCount nodes { id } } }'),
    Question('query { answer: environments(search: "<environment name>") { totalCount nodes { id } } }'),
    Question('query { answer: service(id: "<service>") { id } }'),
    Question('query { answer: operation(id: "<operation>") { id } }'),
    Question(
        'query { answer: previewServiceUpdate(serviceId: "<service>", configuration: {}) '
        "{ __typename ... on Error { message } } }",
        Role.EDITOR,
    ),
    Question("query { answer: leftovers { cluster } }", Role.ADMIN, everywhere=True),
    _mutation('createProject { name: "<new name>", services: [] }', Role.ADMIN, everywhere=True),
    _mutation('removeLeftovers { uids: ["uid-1"] }', Role.ADMIN, everywhere=True),
    _mutation('createEnvironment { projectId: "<project>", name: "<new name>" }', Role.ADMIN),
    _mutation('setEnvironmentProtection { environmentId: "<environment>", protected: true }', Role.ADMIN),
    _mutation('addService { environmentId: "<environment>", projectServiceId: "<blueprint>" }', Role.EDITOR),
    _mutation('updateService { serviceId: "<service>", configuration: {} }', Role.EDITOR),
    _mutation('rollbackService { serviceId: "<service>", revision: 1 }', Role.EDITOR),
    _mutation('deleteService { serviceId: "<service>", confirm: true }', Role.EDITOR),
    _mutation('destroyEnvironment { environmentId: "<environment>", confirmName: "<environment name>" }', Role.ADMIN),
    _mutation('retryOperation { operationId: "<failed>" }', Role.EDITOR),
    _mutation('retryOperation { operationId: "<failed destroy>" }', Role.ADMIN),
    _mutation('cancelOperation { operationId: "<queued>" }', Role.EDITOR),
    _mutation('cancelOperation { operationId: "<queued destroy>" }', Role.ADMIN),
    Question('subscription { answer: environmentPhaseChanged(environmentId: "<environment>") { environment { id } } }'),
    Question('subscription { answer: projectPhaseChanged(projectId: "<project>") { environment { id } } }'),
    Question('subscription { answer: operationProgressed(operationId: "<operation>") { id } }'),
)
#: Answered by what the caller administers, not by what is asked about: see the tests of the audit log.
OTHERWISE = {"viewer", "auditLog"}
