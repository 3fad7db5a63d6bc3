"""How a caller is turned away: it is said what is wrong with the token, and nothing of what is in it."""

from resolvers.transport import Code, Refusal, refuse, unauthenticated


def no_token() -> Refusal:
    return unauthenticated("Send a token as Authorization: Bearer, over WebSocket in the payload of connection_init.")


def bad_token(message: str) -> Refusal:
    """The challenge is that of RFC 6750. `message` has no quotes in it."""
    return refuse(
        message,
        Code.UNAUTHENTICATED,
        401,
        www_authenticate=f'Bearer error="invalid_token", error_description="{message}"',
    )


def issuer_away() -> Refusal:
    """Nobody can tell whether the token is good."""
    return refuse(
        "The token can't be checked, because its issuer does not answer. Try again soon.",
        Code.IDENTITY_UNAVAILABLE,
        503,
        retry_after="5",
    )
