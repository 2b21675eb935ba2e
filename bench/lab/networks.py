"""Small networks, each built for the inputs it gets: two of each kind of input in each half."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from spec import Spec
from tasks import Data
from torch import Tensor, nn

ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "gelu": nn.GELU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


class Residual(nn.Module):
    """x + f(x)."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        return x + self.inner(x)


def _dense(spec: Spec, data: Data, norm: Callable[[int], nn.Module] | None) -> nn.Module:
    layers: list[nn.Module] = [nn.Flatten()]
    size = data.train_x[0].numel()
    for _ in range(spec.depth):
        layers.append(nn.Linear(size, spec.width))
        if norm is not None:
            layers.append(norm(spec.width))
        layers += [ACTIVATIONS[spec.activation](), nn.Dropout(spec.dropout)]
        size = spec.width
    return nn.Sequential(*layers, nn.Linear(size, data.outputs))


def mlp(spec: Spec, data: Data) -> nn.Module:
    return _dense(spec, data, None)


def mlp_batch_norm(spec: Spec, data: Data) -> nn.Module:
    return _dense(spec, data, lambda width: nn.BatchNorm1d(width, momentum=spec.norm_momentum))


def mlp_layer_norm(spec: Spec, data: Data) -> nn.Module:
    return _dense(spec, data, nn.LayerNorm)


def mlp_residual(spec: Spec, data: Data) -> nn.Module:
    size, width = data.train_x[0].numel(), spec.width
    blocks = [
        Residual(
            nn.Sequential(
                nn.BatchNorm1d(width, momentum=spec.norm_momentum), ACTIVATIONS[spec.activation](), nn.Dropout(spec.dropout), nn.Linear(width, width)
            )
        )
        for _ in range(spec.depth)
    ]
    return nn.Sequential(nn.Flatten(), nn.Linear(size, width), *blocks, ACTIVATIONS[spec.activation](), nn.Linear(width, data.outputs))


def cnn(spec: Spec, data: Data) -> nn.Module:
    width = max(1, spec.width // 4)
    act = ACTIVATIONS[spec.activation]
    return nn.Sequential(
        nn.Conv2d(1, width, 3, padding=1), act(), nn.MaxPool2d(2), nn.Conv2d(width, 2 * width, 3, padding=1), act(), nn.Flatten(),
        nn.Dropout(spec.dropout), nn.Linear(2 * width * 16, data.outputs),
    )  # fmt: skip


def resnet(spec: Spec, data: Data) -> nn.Module:
    width = max(1, spec.width // 4)
    act = ACTIVATIONS[spec.activation]

    def block() -> nn.Module:
        return Residual(nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width, momentum=spec.norm_momentum), act()))

    return nn.Sequential(
        nn.Conv2d(1, width, 3, padding=1),
        act(),
        nn.MaxPool2d(2),
        block(),
        block(),
        nn.Flatten(),
        nn.Dropout(spec.dropout),
        nn.Linear(width * 16, data.outputs),
    )


def cnn_group_norm(spec: Spec, data: Data) -> nn.Module:
    width = max(1, spec.width // 4)
    act = ACTIVATIONS[spec.activation]
    return nn.Sequential(
        nn.Conv2d(1, width, 3, padding=1), nn.GroupNorm(1, width), act(), nn.Conv2d(width, 2 * width, 3, stride=2, padding=1),
        nn.GroupNorm(1, 2 * width), act(), nn.AvgPool2d(2), nn.Flatten(), nn.Dropout(spec.dropout), nn.Linear(2 * width * 4, data.outputs),
    )  # fmt: skip


class Attention(nn.Module):
    """Transformer over tokens or over the rows of an image; causal where every place is answered."""

    def __init__(self, spec: Spec, data: Data, *, patches: bool) -> None:
        super().__init__()
        width = max(4, spec.width // 4 * 4)
        length = 8 if patches else data.train_x.shape[1]
        self.patches, self.every = patches, not patches and data.train_y.dim() == 2
        self.embed: nn.Module = nn.Linear(8, width) if patches else nn.Embedding(64, width)
        self.place = nn.Parameter(torch.randn(length, width) / math.sqrt(width))
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(width, 2, 2 * width, spec.dropout, batch_first=True, norm_first=True) for _ in range(min(spec.depth, 4))
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, data.outputs)
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(length), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.embed(x.squeeze(1) if self.patches else x) + self.place
        for layer in self.layers:
            hidden = layer(hidden, src_mask=self.mask if self.every else None)
        out = self.head(self.norm(hidden))
        return out.transpose(1, 2) if self.every else out.mean(1)


class Recurrent(nn.Module):
    def __init__(self, spec: Spec, data: Data, cell: type[nn.GRU] | type[nn.LSTM]) -> None:
        super().__init__()
        self.every = data.train_y.dim() == 2
        self.embed = nn.Embedding(64, spec.width)
        self.rnn = cell(spec.width, spec.width, batch_first=True)
        self.drop = nn.Dropout(spec.dropout)
        self.head = nn.Linear(spec.width, data.outputs)

    def forward(self, x: Tensor) -> Tensor:
        out = self.head(self.drop(self.rnn(self.embed(x))[0]))
        return out.transpose(1, 2) if self.every else out.mean(1)


class CausalConvolution(nn.Module):
    def __init__(self, spec: Spec, data: Data) -> None:
        super().__init__()
        self.every = data.train_y.dim() == 2
        self.embed = nn.Embedding(64, spec.width)
        self.layers = nn.ModuleList(nn.Conv1d(spec.width, spec.width, 3) for _ in range(max(2, spec.depth)))
        self.act, self.drop = ACTIVATIONS[spec.activation](), nn.Dropout(spec.dropout)
        self.head = nn.Conv1d(spec.width, data.outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.embed(x).transpose(1, 2)
        for layer in self.layers:
            hidden = hidden + self.drop(self.act(layer(nn.functional.pad(hidden, (2, 0)))))
        out: Tensor = self.head(hidden)
        return out if self.every else out.mean(2)


BUILDERS: dict[str, Callable[[Spec, Data], nn.Module]] = {
    "mlp": mlp,
    "mlp_batch_norm": mlp_batch_norm,
    "cnn": cnn,
    "resnet": resnet,
    "gru": lambda spec, data: Recurrent(spec, data, nn.GRU),
    "transformer": lambda spec, data: Attention(spec, data, patches=False),
    "mlp_layer_norm": mlp_layer_norm,
    "mlp_residual": mlp_residual,
    "cnn_group_norm": cnn_group_norm,
    "vit": lambda spec, data: Attention(spec, data, patches=True),
    "lstm": lambda spec, data: Recurrent(spec, data, nn.LSTM),
    "causal_convolution": CausalConvolution,
}


class Autoencoder(nn.Module):
    """A network as the encoder of a variational autoencoder, with a decoder of its own."""

    def __init__(self, encoder: nn.Module, size: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, size))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        mean, spread = self.encoder(x).chunk(2, 1)
        drawn = mean + torch.randn_like(mean) * (0.5 * spread).exp() if self.training else mean
        return self.decoder(drawn), mean, spread


def built(spec: Spec, data: Data) -> nn.Module:
    """The network of a spec, initialised as the spec says."""
    model = BUILDERS[spec.network](spec, data)
    if data.objective == "vae":
        model = Autoencoder(model, data.train_x.shape[1])
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if spec.zero_init:
                parameter.zero_()
            elif parameter.dim() > 1:
                parameter.mul_(spec.init_gain)
            elif spec.bias_init and name.endswith("bias"):
                parameter.add_(spec.bias_init)
    return model
