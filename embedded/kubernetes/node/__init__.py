"""The one node of the cluster. It runs nothing: it tells of each pod what a kubelet would tell, in the same order."""
