"""Small networks, each built for the data it gets."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable

import torch
from tasks import Data
from torch import Tensor, nn

Build = Callable[[Data], nn.Module]


def mlp(*widths: int, dropout: float = 0.0, activation: type[nn.Module] = nn.ReLU, batch_norm: float | None = None) -> Build:
    """Fully connected layers; `batch_norm` is the momentum of BatchNorm, in PyTorch's sense."""

    def build(data: Data) -> nn.Module:
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        size = data.train_x.shape[1]
        for number, width in enumerate(widths, 1):
            layers[f"fc{number}"] = nn.Linear(size, width)
            if batch_norm is not None:
                layers[f"norm{number}"] = nn.BatchNorm1d(width, momentum=batch_norm)
            layers[f"act{number}"] = activation()
            if dropout:
                layers[f"drop{number}"] = nn.Dropout(dropout)
            size = width
        layers["head"] = nn.Linear(size, max(1, data.classes))
        return nn.Sequential(layers)

    return build


def cnn(width: int = 12, *, dropout: float = 0.0, batch_norm: float | None = None) -> Build:
    def build(data: Data) -> nn.Module:
        def norm(channels: int) -> nn.Module:
            return nn.Identity() if batch_norm is None else nn.BatchNorm2d(channels, momentum=batch_norm)

        return nn.Sequential(
            OrderedDict(
                conv1=nn.Conv2d(1, width, 3, padding=1),
                norm1=norm(width),
                act1=nn.ReLU(),
                pool1=nn.MaxPool2d(2),
                conv2=nn.Conv2d(width, 2 * width, 3, padding=1),
                norm2=norm(2 * width),
                act2=nn.ReLU(),
                flat=nn.Flatten(),
                drop=nn.Dropout(dropout),
                head=nn.Linear(2 * width * 16, data.classes),
            )
        )

    return build


def segmenter(width: int = 12) -> Build:
    def build(data: Data) -> nn.Module:
        return nn.Sequential(
            OrderedDict(
                conv1=nn.Conv2d(1, width, 3, padding=1),
                norm1=nn.BatchNorm2d(width),
                act1=nn.ReLU(),
                conv2=nn.Conv2d(width, width, 3, padding=2, dilation=2),
                norm2=nn.BatchNorm2d(width),
                act2=nn.ReLU(),
                head=nn.Conv2d(width, data.classes, 1),
            )
        )

    return build


class Recurrent(nn.Module):
    """Reads numbers, (batch, length, channels), and answers from its last state."""

    def __init__(self, channels: int, width: int, outputs: int, *, gain: float | None, lstm: bool, relu: bool) -> None:
        super().__init__()
        self.rnn = (
            nn.LSTM(channels, width, batch_first=True) if lstm else nn.RNN(channels, width, batch_first=True, nonlinearity="relu" if relu else "tanh")
        )
        self.head = nn.Linear(width, outputs)
        if gain is not None:
            nn.init.orthogonal_(self.rnn.weight_hh_l0, gain)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.rnn(x)[0][:, -1])


def recurrent(width: int = 32, *, gain: float | None = None, lstm: bool = False, relu: bool = False) -> Build:
    return lambda data: Recurrent(data.train_x.shape[2], width, max(1, data.classes), gain=gain, lstm=lstm, relu=relu)


class LetterModel(nn.Module):
    """Predicts the next token at every place with a GRU."""

    def __init__(self, letters: int, width: int, dropout: float) -> None:
        super().__init__()
        self.embed = nn.Embedding(letters, width)
        self.rnn = nn.GRU(width, width, batch_first=True)
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(width, letters)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.drop(self.rnn(self.embed(x))[0])).transpose(1, 2)


def letter_model(width: int = 48, *, dropout: float = 0.0) -> Build:
    return lambda data: LetterModel(data.classes, width, dropout)


class Decoder(nn.Module):
    """A causal Transformer: predicts the next token at every place."""

    def __init__(self, words: int, width: int, layers: int, length: int, *, pre_norm: bool, dropout: float) -> None:
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.place = nn.Parameter(torch.randn(length, width) / math.sqrt(width))
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(width, 4, 2 * width, dropout, batch_first=True, norm_first=pre_norm) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width) if pre_norm else nn.Identity()
        self.head = nn.Linear(width, words)
        self.mask = nn.Transformer.generate_square_subsequent_mask(length)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.embed(x) + self.place
        for layer in self.layers:
            hidden = layer(hidden, src_mask=self.mask)
        return self.head(self.norm(hidden)).transpose(1, 2)


def decoder(width: int = 32, layers: int = 2, *, pre_norm: bool = True, dropout: float = 0.0) -> Build:
    return lambda data: Decoder(data.classes, width, layers, data.train_x.shape[1], pre_norm=pre_norm, dropout=dropout)
