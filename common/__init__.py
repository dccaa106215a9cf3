"""What every floor may use: no models, imports no app."""
