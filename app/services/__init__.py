"""What a person does, one module per thing: function(uow, command) → outcome."""
