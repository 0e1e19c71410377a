"""A made-up fleet: deployments, and the service's exports that tell of them."""
