"""The loopback providers themselves: a test kit that lies proves nothing."""

import json
import socket
import urllib.request

import pytest

from tests.providers import SERVERS, OllamaServer, OpenAIServer, ProviderServer, Script

CHAT = {
    "openai": "/chat/completions",
    "anthropic": "/v1/messages",
    "google": "/v1beta/models/m:streamGenerateContent?alt=sse",
    "ollama": "/api/chat",
}


def ask(server: ProviderServer, path: str) -> bytes:
    request = urllib.request.Request(
        server.base_url + path, data=json.dumps({"model": "m"}).encode(), method="POST"
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read()


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_runs_in_a_thread_and_remembers_what_it_was_asked(name: str) -> None:
    with SERVERS[name](Script(chunks=("Hällo",), split_utf8=True)).run_in_thread() as server:
        body = ask(server, CHAT[name])
        server.wait_requests(1)
    assert "Hällo" in body.decode()
    assert server.requests[0].body == {"model": "m"}
    assert server.requests[0].done.is_set()


def test_a_stall_waits_for_its_release() -> None:
    with OllamaServer(Script(chunks=("a", "b"), stalls=(1,))).run_in_thread() as server:
        server.release()
        assert len(ask(server, "/api/chat").splitlines()) == 3


def test_a_client_that_hangs_up_is_noticed() -> None:
    with OpenAIServer(Script(stalls=(1,))).run_in_thread() as server:
        body = b"{}"
        head = f"POST /v1/chat/completions HTTP/1.1\r\ncontent-length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server.port), 10) as line:
            line.sendall(head.encode() + body)
            assert line.recv(1000)
        assert server.requests[0].hung_up.wait(10)
        assert not server.requests[0].done.is_set()
