"""careplan: from an intake assessment to a care plan for chronic generalized pain that can always say why."""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)
