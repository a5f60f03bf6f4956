"""The register of recordings and the holds on them."""
