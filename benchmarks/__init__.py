"""Speed, measured beside a peer or a floor: `make bench`."""
