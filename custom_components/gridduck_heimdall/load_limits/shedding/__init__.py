"""The actions `shed_load` and `restore_load`: temporary requests to the control law."""
